import type { Row } from '../planned.ts';
import type { Input } from '../task.ts';
import type { TaskBook } from '../task-book.ts';
import { type Measured, measuredTexts, textInput } from './text.ts';

type MeasuredRow = Pick<Row, 'name' | 'kind' | 'file'>;

/** How far a row is from the base, on the first text. */
export function divergence(book: TaskBook, base: Input[], row: MeasuredRow): string | null {
  const [first] = measuredTexts(book);
  return first ? divergenceOn(book, base, row, first) : null;
}

/** The same on the further texts. */
export function slices(book: TaskBook, base: Input[], row: MeasuredRow): Row['slices'] {
  const [, ...further] = measuredTexts(book);
  return further.map((text) => ({ name: text.name, task: divergenceOn(book, base, row, text) }));
}

/** Another model has another base: only its own perplexity can be told. */
export function perplexity(book: TaskBook, { name, file }: MeasuredRow): string | null {
  const [first] = measuredTexts(book);
  if (!first) return null;
  return book.add('perplexity', name, {
    params: { ...book.inference('perplexity'), ...chunksOf(first) },
    inputs: { model: file, text: [textInput(book, file, first.text, first.file, { what: `evaluation@${name}`, name: 'evaluation.txt' })] },
    outputs: [],
    identity: book.kernels(),
    gpu: book.usesGpu(),
  });
}

/** @param suffix added to the row's name in the task's; null for none */
export function divergenceOn(book: TaskBook, base: Input[], row: MeasuredRow, text: Measured, suffix = text.suffix): string {
  // What is not ours may be another model, which only a look at both tells.
  const toCompare =
    row.kind === 'compare' ? { base: base.map(({ name, source }) => ({ name: name.replace(/^model/, 'base'), source })) } : {};
  return book.add('divergence', suffix === null ? row.name : `${row.name}@${suffix}`, {
    params: { ...book.inference('perplexity'), context: text.context },
    inputs: { model: row.file, logits: [logits(book, base, text)], ...toCompare },
    outputs: [],
    identity: book.kernels(),
    gpu: book.usesGpu(),
  });
}

function logits(book: TaskBook, base: Input[], text: Measured): Input {
  const read = textInput(book, base, text.text, text.file, { what: text.suffix ?? 'evaluation', name: 'evaluation.txt' });
  const task = book.add('logits', text.suffix, {
    params: { ...book.inference('perplexity'), ...chunksOf(text) },
    inputs: { model: base, text: [read] },
    outputs: ['base.kld'],
    identity: book.kernels(),
    gpu: book.usesGpu(),
  });
  return { name: 'base.kld', source: { task, output: 'base.kld' } };
}

function chunksOf({ context, chunks, atMost }: Measured) {
  return { context, chunks, ...(atMost ? { atMost } : {}) };
}
