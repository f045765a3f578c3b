import type { MeasuredAgain } from '../gates/references.ts';
import { type Settled, type Settling, settle, toMeasureAgain } from '../gates/settle.ts';
import { pastResults } from '../history/past-results.ts';
import { version } from '../package-root.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import { Leaves } from '../provenance/leaves.ts';
import type { Measured } from '../results/rounds.ts';
import type { Emit } from '../run/events.ts';
import type { Desk } from '../trial/trial.ts';
import { type HubFlags, openHub } from './hub-flags.ts';
import { measureAllAgain } from './measure-again.ts';
import { capacityOf, type Prepared } from './prepare.ts';

export interface SettledRun extends Settled {
  /** Whether it is an earlier run once more, in words; empty where it is not. */
  unchanged: string[];
}

export interface SettleOptions {
  newReference: boolean;
  flags: HubFlags & { offline: boolean };
  emit: Emit;
  signal: AbortSignal;
}

/** A run with what its gates say of it beside the runs before it, or the earlier one that it repeats. */
export async function settleRun(measured: Measured, pipeline: Pipeline, prepared: Prepared, options: SettleOptions): Promise<SettledRun> {
  const { plan, result, results } = measured;
  if (result.stopped) return { results, isUnchanged: false, unchanged: [] };
  const settling: Settling = {
    gates: pipeline.gates,
    past: pastResults(prepared.store, plan.pipeline),
    references: prepared.references,
    newReference: options.newReference,
    hasRun: [...result.outcomes.values()].some(({ state }) => state !== 'made'),
  };
  const settled = settle(results, settling, await again(measured, settling, pipeline, prepared, options));
  const { id, startedAt } = settled.results.run;
  const since = `nothing changed since ${id} (${startedAt.slice(0, 16).replace('T', ' ')} UTC)`;
  return { ...settled, unchanged: settled.isUnchanged ? [since] : [] };
}

/** A text that somebody changed stops no night. */
async function again(
  { plan, results }: Measured,
  settling: Settling,
  pipeline: Pipeline,
  { store, digests, facts }: Prepared,
  { flags, emit, signal }: SettleOptions,
): Promise<Map<string, MeasuredAgain>> {
  const wanted = toMeasureAgain(results, settling);
  if (wanted.length === 0) return new Map();
  const { tools } = facts;
  const leaves = new Leaves({ store, digests, folders: [], openHub: () => openHub(flags) });
  const toolsOf: Desk['toolsOf'] = (build) => (build === tools.build.id ? tools : null);
  const capacity = capacityOf(pipeline, facts);
  try {
    return await measureAllAgain(wanted, plan, { store, digests, leaves, tools, toolsOf, capacity, emit, signal, version: version() });
  } finally {
    await leaves.hub?.close();
  }
}
