import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder } from '../make-folder.ts';
import { ownFolder } from '../own-folder.ts';
import type { Emit } from '../run/events.ts';
import type { Capacity } from '../run/resources.ts';
import { type RunResult, run } from '../run/run.ts';
import type { Digests } from '../store/digest.ts';
import { Store } from '../store/store.ts';
import type { LlamaCpp } from '../tools/llama-cpp.ts';
import { differencesBetween } from './differences.ts';
import type { HowMade, Wanted } from './how-made.ts';
import type { Leaves } from './leaves.ts';
import { planAgain } from './plan-again.ts';

export interface RebuildOptions {
  /** The out folder. */
  out: string;
  store: Store;
  digests: Digests;
  tools: LlamaCpp;
  leaves: Leaves;
  capacity: Capacity;
  emit: Emit;
  signal?: AbortSignal;
}

export interface Rebuilt {
  file: string;
  sha256: string;
  /** The run that made it. */
  run: string;
  /** `impossible`: something that it was made from is gone, or a step failed. */
  verdict: 'identical' | 'differs' | 'impossible';
  /** What was done again, and whether it came out as it did then. */
  steps: { task: string; same: boolean }[];
  /** What is another thing than it was: the build, the converter, the platform. */
  changed: string[];
  /** In what the file made again differs from the one that is there; or what stood in the way. */
  differences: string[];
  /** Where the other file was left; null when there is none. */
  kept: string | null;
}

/**
 * Makes a file again from what it was made from then, and compares. All of it happens in a folder of its own, so that neither store nor records change.
 * Throws Stopped when the signal aborts it.
 */
export async function rebuild(wanted: Wanted, made: HowMade, options: RebuildOptions): Promise<Rebuilt> {
  const { out, store, digests, tools, leaves, capacity, emit, signal } = options;
  const platform = `${process.platform}-${process.arch}`;
  const { plan, task, missing, changed } = await planAgain(made, { store, digests, tools, platform, leaves });
  const about = { file: wanted.file, sha256: wanted.sha256, run: made.run, changed };
  if (missing.length > 0) return { ...about, verdict: 'impossible', steps: [], differences: missing, kept: null };
  const folder = newFolder(out);
  try {
    const scratch = Store.open(join(folder, 'store'));
    const { hub } = leaves;
    const result = await run(plan, { store: scratch, digests, tools, hub, capacity, emit, ...(signal ? { signal } : {}) });
    if (result.stopped) return { ...about, verdict: 'impossible', steps: [], differences: ['it was stopped'], kept: null };
    const steps = stepsAgain(result, made);
    const outcome = result.outcomes.get(task);
    const output = outcome && 'record' in outcome ? outcome.record.outputs.find(({ name }) => name === made.output) : undefined;
    if (!output) return { ...about, verdict: 'impossible', steps, differences: failuresOf(result), kept: null };
    if (output.sha256 === wanted.sha256) return { ...about, verdict: 'identical', steps, differences: [], kept: null };
    const again = scratch.objectPath(output.sha256);
    const differences = await differencesBetween(wanted.parts, again);
    const asThen = output.sha256 === made.sha256 ? ['made again it is what its run made: the file was changed since'] : [];
    return { ...about, verdict: 'differs', steps, differences: [...asThen, ...differences], kept: keep(again, out, wanted.sha256) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function stepsAgain({ outcomes }: RunResult, { steps }: HowMade): Rebuilt['steps'] {
  return steps.flatMap(({ task, outputs }) => {
    const outcome = outcomes.get(task);
    if (!outcome || !('record' in outcome)) return [];
    const { record } = outcome;
    return [{ task, same: outputs.every(({ name, sha256 }) => record.outputs.find((output) => output.name === name)?.sha256 === sha256) }];
  });
}

function failuresOf({ outcomes }: RunResult): string[] {
  return [...outcomes].flatMap(([task, outcome]) => (outcome.state === 'failed' ? [`${task}: ${outcome.message}`] : []));
}

/** Beside the store, on its file system. What a killed process left there goes. */
function newFolder(out: string): string {
  makeFolder(out);
  return ownFolder(out, '.rebuild');
}

function keep(path: string, out: string, sha256: string): string {
  const kept = join(out, `rebuilt-${sha256.slice(0, 12)}.gguf`);
  rmSync(kept, { force: true });
  copyFileSync(path, kept);
  return kept;
}
