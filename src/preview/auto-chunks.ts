import type { Plan } from '../plan/planned.ts';
import type { Task } from '../plan/task.ts';
import type { Store } from '../store/store.ts';

/**
 * Of a pipeline with `chunks: auto` the plan of the round that the last run came to; the first one where there was no other. A run begins with
 * the first one again, but finds it made: what it would do, and why, the last one tells.
 */
export function lastRound(first: Plan, store: Pick<Store, 'readRef' | 'read'>, again: (chunks: number) => Plan): Plan {
  const { chunks } = first;
  if (!chunks) return first;
  const most = Math.max(0, ...first.tasks.filter(({ params }) => isAuto(params)).map((task) => lastChunks(task, first, store)));
  return most > chunks.now && most <= chunks.most ? again(most) : first;
}

function lastChunks({ id }: Task, { pipeline }: Plan, store: Pick<Store, 'readRef' | 'read'>): number {
  const key = store.readRef(pipeline, id);
  const params = key === null ? null : store.read(key)?.preimage.params;
  return isAuto(params) ? params.chunks : 0;
}

/** `atMost` stands only where qpipe chose the number. */
function isAuto(params: unknown): params is { chunks: number; atMost: true } {
  if (typeof params !== 'object' || params === null) return false;
  return 'atMost' in params && params.atMost === true && 'chunks' in params && typeof params.chunks === 'number';
}

/** What a plan shows is the first round. */
export function chunksInWords({ chunks, conditions }: Pick<Plan, 'chunks' | 'conditions'>): string[] {
  if (!chunks || chunks.most <= chunks.now) return [];
  return [
    `${chunks.now} chunks of ${conditions.evaluation?.text} at first, doubled until the comparisons are decided, at most ${chunks.most}. Tasks and sizes here are those of the first round: what is recorded of the base grows with the chunks.`,
  ];
}
