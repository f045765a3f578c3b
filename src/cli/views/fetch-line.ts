import { decimalSize, duration } from '../../report/format.ts';
import type { RunEvent } from '../../run/events.ts';
import { bar } from './words.ts';

export type Fetch = Extract<RunEvent, { type: 'fetch' }>;

/** One file on its way: `██████░░░░ 3.10 of 9.98 GB, 45 MB/s  model-00001-of-00002.safetensors`. */
export function fileInWords({ file, phase, bytes, size, retries }: Fetch): string {
  const doing = phase === 'downloading' || phase === 'done' ? '' : `, ${phases[phase]}`;
  return `${bar(bytes, size)} ${decimalSize(bytes)} of ${decimalSize(size)}${doing}${tries(retries)}  ${file}`;
}

/** All files of a fetch together, with what only they have: a rate and the time left. */
export function allInWords({ allBytes, allSize, rate, secondsLeft }: Fetch): string {
  const speed = rate === null ? '' : `, ${decimalSize(rate)}/s`;
  const left = secondsLeft === null ? '' : `, ${duration(secondsLeft)} left`;
  return `${bar(allBytes, allSize)} ${decimalSize(allBytes)} of ${decimalSize(allSize)}${speed}${left}`;
}

/** Config and tokenizer come in a moment. */
const worthTelling = 5e6;

/** One line that is written over itself on a terminal, and once per file elsewhere. */
export function fetchLine(stream: NodeJS.WriteStream) {
  const told = new Set<string>();
  let shown = 0;
  return {
    show: (event: Fetch) => {
      if (event.allSize < worthTelling) return;
      if (!stream.isTTY && !told.has(event.file)) stream.write(`fetching ${event.file}, ${decimalSize(event.size)}\n`);
      told.add(event.file);
      if (!stream.isTTY || performance.now() - shown < 100) return;
      shown = performance.now();
      stream.write(`\r\u001b[K${allInWords(event)}  ${event.file}`);
    },
    clear: () => {
      if (shown > 0) stream.write('\r\u001b[K');
      shown = 0;
    },
  };
}

const phases = {
  waiting: 'waiting for another qpipe',
  checking: 'checking what is here',
  uploading: 'going up',
  repairing: 'fetching damaged parts again',
};

function tries(retries: number): string {
  return retries === 0 ? '' : `, ${retries} ${retries === 1 ? 'retry' : 'retries'}`;
}
