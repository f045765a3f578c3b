import { basename } from 'node:path';
import { decimalSize, duration } from '../../report/format.ts';
import type { RunEvent } from '../../run/events.ts';
import { bar } from './words.ts';

type Hash = Extract<RunEvent, { type: 'hash' }>;

/** Files that are hashed in less than a moment are not worth a line. */
const worthTelling = 500e6;

function hashingInWords({ path, done, total }: Hash, secondsLeft: number | null): string {
  const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`;
  return `${bar(done, total)} ${decimalSize(done)} of ${decimalSize(total)}${left}  hashing ${basename(path)}`;
}

/** One line that is written over itself on a terminal, and once per file elsewhere. */
export function hashingLine(stream: NodeJS.WriteStream) {
  const begun = new Map<string, number>();
  let shown = 0;
  return {
    show: (event: Hash) => {
      if (event.total < worthTelling) return;
      const start = begun.get(event.path);
      if (start === undefined) begun.set(event.path, performance.now());
      if (!stream.isTTY && start === undefined) stream.write(`hashing ${basename(event.path)}, ${decimalSize(event.total)}\n`);
      if (!stream.isTTY || performance.now() - shown < 100) return;
      shown = performance.now();
      const seconds = start === undefined ? null : ((performance.now() - start) / 1000 / event.done) * (event.total - event.done);
      stream.write(`\r\u001b[K${hashingInWords(event, seconds)}`);
    },
    clear: () => {
      if (shown > 0) stream.write('\r\u001b[K');
      shown = 0;
    },
  };
}
