import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dropFromMemory } from '../../machine/page-cache.ts';
import { type Watched, watched } from '../../machine/watch.ts';
import type { MemoryEstimate } from '../../memory/estimate.ts';
import type { Operation, Work } from '../operation.ts';
import { Disbelieved } from '../tool-failure.ts';
import { type LoadRun, loadOnce, loadWatched, type MemoryOverTime } from './completion-load.ts';
import { estimatesOf } from './memory-estimates.ts';
import { fileName } from './names.ts';

export interface LoadResult {
  /** Seconds until the model answers, with the file in memory. */
  warm: number[];
  /** The same with the file dropped from memory before. */
  cold: number[];
  /** Why some or all of the cold rounds are missing; null when none is. */
  coldNotMeasured: string | null;
  memory: MemoryOverTime;
  /** Of the prompt that memory was measured with. */
  promptTokens: number;
  estimate: MemoryEstimate;
  /** What llama-fit-params says; null without that program. */
  byFit: MemoryEstimate | null;
  machine: Watched;
}

/** Tokens after the prompt while memory is watched. */
const answer = 16;

/** Loads a model again and again, from memory and from disk in turns, and then once with its context filled. */
export const load: Operation<'load'> = async (work) => {
  const { rounds, prompt } = work.task.params;
  const { measured, machine } = await watched(async () => {
    // Its time does not count: how much of the file was in memory is chance. Its prompt tells how long a sentence is.
    const one = await loadOnce(work, settingsOf(work, 1), 1);
    const loads = await inTurns(work, rounds);
    const two = loads.runs[0] ?? (await loadOnce(work, settingsOf(work, 1), 2));
    const filled = await loadWatched(work, settingsOf(work, answer), sentencesFor(prompt, one.promptTokens, two.promptTokens));
    return { ...loads, filled };
  });
  const { filled, runs: _runs, ...times } = measured;
  if (!filled.memory) throw new Disbelieved('the memory of llama-completion could not be read: it ended before it could be looked at');
  const estimates = await estimatesOf(work, processBytes(work), filled.stderr);
  return { ...times, memory: filled.memory, promptTokens: filled.promptTokens, ...estimates, machine } satisfies LoadResult;
};

async function inTurns(work: Work<'load'>, rounds: number) {
  const times: { warm: number[]; cold: number[]; coldNotMeasured: string | null; runs: LoadRun[] } = {
    warm: [],
    cold: [],
    coldNotMeasured: null,
    runs: [],
  };
  for (let round = 0; round < rounds; round++) {
    const warm = await loadOnce(work, settingsOf(work, 1), 2);
    times.warm.push(warm.ready);
    times.runs.push(warm);
    if (times.coldNotMeasured !== null) continue;
    times.coldNotMeasured = await dropFromMemory(filesOf(work));
    if (times.coldNotMeasured === null) times.cold.push((await loadOnce(work, settingsOf(work, 1), 2)).ready);
  }
  return times;
}

/** How often the sentence makes a prompt of that many tokens: what it takes once and twice tells what a further one takes. */
export function sentencesFor(tokens: number, once: number, twice: number): number {
  const each = Math.max(1, twice - once);
  return Math.max(1, 1 + Math.floor((tokens - once) / each));
}

function settingsOf({ task }: Work<'load'>, generate: number) {
  const { context, kvType, mmap, threads, ubatch, gpuLayers, args } = task.params;
  return { model: fileName(task, 'model'), context, kvType, mmap, threads, ubatch, gpuLayers, extra: args, generate };
}

function filesOf({ task, folder }: Work<'load'>): string[] {
  return (task.inputs['model'] ?? []).map(({ name }) => join(folder, name));
}

function processBytes({ folder }: Work<'load'>): number {
  return JSON.parse(readFileSync(join(folder, 'overhead.json'), 'utf8')).bytes;
}
