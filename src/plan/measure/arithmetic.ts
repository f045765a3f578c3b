import type { Row } from '../planned.ts';
import type { Input } from '../task.ts';
import type { TaskBook } from '../task-book.ts';
import { divergenceOn } from './quality.ts';
import { measuredTexts } from './text.ts';

/**
 * The row once more with its weights as they were rounded, but computed with as the base is: what then is left of the divergence is the file,
 * and the rest is how the kernels of its types round.
 */
export function arithmetic(book: TaskBook, base: Input[], row: Pick<Row, 'name' | 'kind' | 'file' | 'type'>): string | null {
  const [first] = measuredTexts(book);
  if (!first || !isWanted(book, row)) return null;
  const dequantize = book.add('dequantize', row.name, {
    params: {},
    inputs: { model: row.file },
    outputs: ['dequantized.gguf'],
    identity: book.build(),
  });
  const file: Input[] = [{ name: 'model.gguf', source: { task: dequantize, output: 'dequantized.gguf' } }];
  return divergenceOn(book, base, { ...row, file }, first, 'dequantized');
}

function isWanted({ pipeline }: TaskBook, { name, kind, type }: Pick<Row, 'name' | 'kind' | 'type'>): boolean {
  if (kind === 'base' || floatTypes.includes(type.toUpperCase())) return false;
  return pipeline.arithmetic === 'all' || pipeline.arithmetic.some((wanted) => wanted.toLowerCase() === name.toLowerCase());
}

const floatTypes = ['F32', 'F16', 'BF16'];
