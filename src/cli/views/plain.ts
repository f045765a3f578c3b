import { fetchLine } from './fetch-line.ts';
import { hashingLine } from './hashing-line.ts';
import { setupSentence } from './setup-words.ts';
import type { View } from './view.ts';
import { sentence } from './words.ts';

/** One line per thing that happened, for logs and pipes. */
export function plainView(): View {
  const hashing = hashingLine(process.stderr);
  const fetching = fetchLine(process.stderr);
  return {
    show: (event) => {
      if (event.type === 'hash') return hashing.show(event);
      if (event.type === 'fetch') return fetching.show(event);
      const line = event.type === 'setup' ? setupSentence(event.event) : sentence(event);
      if (line !== null) process.stderr.write(`${line}\n`);
    },
    close: async () => {},
  };
}

/** Nothing but errors. */
export function quietView(): View {
  return {
    // What failed is told at the end, in full.
    show: () => {},
    close: async () => {},
  };
}
