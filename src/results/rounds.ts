import type { Plan } from '../plan/planned.ts';
import type { RunResult } from '../run/run.ts';
import { assemble } from './assemble.ts';
import { type Enough, enoughChunks } from './enough-chunks.ts';
import type { Results } from './schema.ts';

export interface Rounds {
  /** Executes one round. Files that nobody keeps have to stay for the next one: see `hold` among the options of `run`. */
  run(plan: Plan, round: number): Promise<RunResult>;
  /** The same plan with so many chunks of the first text. */
  again(chunks: number): Plan;
  /** Says that another round follows, and why. */
  onMore(sentence: string): void;
  /** qpipe's own, for the results. */
  version: string;
}

export interface Measured {
  plan: Plan;
  /** Of all rounds: it began with the first one and took as long as all of them. */
  result: RunResult;
  results: Results;
}

/**
 * A plan executed and its results. Where `chunks: auto` leaves comparisons open it is executed again with twice as many chunks; only what
 * depends on them is done then, as everything else is in the store. A run that was killed goes on where it was in the same way.
 */
export async function inRounds(first: Plan, { run, again, onMore, version }: Rounds): Promise<Measured> {
  let seconds = 0;
  let startedAt: string | null = null;
  let plan = first;
  for (let round = 1; ; round++) {
    const last = await run(plan, round);
    seconds += last.seconds;
    startedAt ??= last.startedAt;
    const result = { ...last, seconds, startedAt };
    const results = assemble(plan, result, version);
    if (!plan.chunks || last.stopped) return { plan, result, results };
    const verdict = hasFailed(last) ? ({ enough: true, why: 'a task failed' } as const) : enoughChunks(plan, results);
    if (verdict.enough) return { plan, result, results: withReason(results, verdict) };
    onMore(`${plan.chunks.now} chunks: ${verdict.open}; going on with ${verdict.chunks}`);
    plan = again(verdict.chunks);
  }
}

function hasFailed({ outcomes }: RunResult): boolean {
  return [...outcomes.values()].some(({ state }) => state === 'failed' || state === 'skipped');
}

function withReason(results: Results, { why }: Extract<Enough, { enough: true }>): Results {
  const { evaluation } = results.conditions;
  if (!evaluation) return results;
  return {
    ...results,
    conditions: { ...results.conditions, evaluation: { ...evaluation, chosen: `auto: ${evaluation.chunks}, as ${why}` } },
  };
}
