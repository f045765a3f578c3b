import type { Plan } from './planned.ts';
import type { TaskBook } from './task-book.ts';

/** Half of them are blocks for an interval; fewer have none. */
export const fewestChunks = 16;

/** A whole published test text has about as many. */
const mostChunks = 512;

/** Where the pipeline leaves the number of chunks to qpipe: how many there are now, and how many there may be. */
export function chunksOf({ pipeline, facts, autoChunks }: TaskBook): Plan['chunks'] {
  const [first] = pipeline.evaluate;
  const [file] = facts.evaluations;
  if (first?.chunks !== 'auto' || !file) return null;
  // A token is a byte at least; what a template makes of conversations nobody knows yet.
  const fits = first.text.chat ? mostChunks : Math.floor(file.size / first.context);
  const most = Math.max(1, Math.min(mostChunks, fits));
  return { now: Math.min(autoChunks, most), most };
}
