import type { Progress } from './tool.ts';

/**
 * Progress of the tools that go through a text in chunks. The total comes once (`computing over 64 chunks`), then the chunks as
 * `[1]9.2177,[2]8.7302,` or as the first number of a table's row.
 */
export function chunkProgress(): (line: string) => Progress | null {
  let total = 0;
  return (line) => {
    total = announcedChunks(line) ?? total;
    const done = Number([...line.matchAll(/\[(\d+)\]-?[\d.nainf]+,/g)].at(-1)?.[1] ?? /^\s*(\d+)\s+\S+ ±/.exec(line)?.[1] ?? 0);
    return total > 0 && done > 0 ? { done, total, unit: 'chunks' } : null;
  };
}

/** How many chunks the tool is about to compute, in the line where it says so: what the text has, up to what was asked for. */
export function announcedChunks(line: string): number | undefined {
  const count = /(?:computing|calculating perplexity) over (\d+) chunks/.exec(line)?.[1];
  return count === undefined ? undefined : Number(count);
}
