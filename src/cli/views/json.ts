import type { View } from './view.ts';

/** One JSON line per event on stdout. */
export function jsonView(): View {
  return {
    show: (event) => void process.stdout.write(`${JSON.stringify({ ts: new Date().toISOString(), ...event })}\n`),
    close: async () => {},
  };
}
