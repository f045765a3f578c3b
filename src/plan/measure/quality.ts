import type { Input, Row } from '../task.ts';
import type { TaskBook } from '../task-book.ts';

type Measured = Pick<Row, 'name' | 'kind' | 'file'>;

/** How far a row is from the base, on the same text. */
export function divergence(book: TaskBook, base: Input[], row: Measured): string | null {
  const { evaluate } = book.pipeline;
  const recorded = logits(book, base);
  if (!recorded || !evaluate) return null;
  // What is not ours may be another model, which only a look at both tells.
  const toCompare =
    row.kind === 'compare' ? { base: base.map(({ name, source }) => ({ name: name.replace(/^model/, 'base'), source })) } : {};
  return book.add('divergence', row.name, {
    params: { ...book.inference('perplexity'), context: evaluate.context },
    inputs: { model: row.file, logits: [recorded], ...toCompare },
    outputs: [],
    identity: book.kernels(),
    gpu: book.usesGpu(),
  });
}

/** Another model has another base: only its own perplexity can be told. */
export function perplexity(book: TaskBook, { name, file }: Measured): string | null {
  const { evaluate } = book.pipeline;
  const text = book.facts.evaluation;
  if (!evaluate || !text) return null;
  return book.add('perplexity', name, {
    params: { ...book.inference('perplexity'), context: evaluate.context, chunks: evaluate.chunks },
    inputs: { model: file, text: [{ name: 'evaluation.txt', source: text }] },
    outputs: [],
    identity: book.kernels(),
    gpu: book.usesGpu(),
  });
}

function logits(book: TaskBook, base: Input[]): Input | null {
  const { evaluate } = book.pipeline;
  const text = book.facts.evaluation;
  if (!evaluate || !text) return null;
  const task = book.add('logits', null, {
    params: { ...book.inference('perplexity'), context: evaluate.context, chunks: evaluate.chunks },
    inputs: { model: base, text: [{ name: 'evaluation.txt', source: text }] },
    outputs: ['base.kld'],
    identity: book.kernels(),
    gpu: book.usesGpu(),
  });
  return { name: 'base.kld', source: { task, output: 'base.kld' } };
}
