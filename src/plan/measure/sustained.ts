import type { Row } from '../planned.ts';
import type { TaskBook } from '../task-book.ts';
import { benchInputs, benchSetup, speedIdentity } from './speed.ts';
import type { Swept } from './sweep.ts';

/** Generation without a pause; null where nobody asked. */
export function sustained(book: TaskBook, { name, file }: Pick<Row, 'name' | 'file'>, swept: Swept | null): string | null {
  const { bench } = book.pipeline;
  if (!bench || bench.sustained === null) return null;
  return book.add('sustained', name, {
    params: { ...benchSetup(book, bench), generate: bench.generate, seconds: bench.sustained },
    inputs: benchInputs(file, swept),
    outputs: [],
    identity: speedIdentity(book),
    exclusive: true,
  });
}
