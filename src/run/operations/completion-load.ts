import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Memory, type MemorySample, MemoryWatch } from '../../machine/memory.ts';
import { failure } from '../../tools/completion.ts';
import { type LoadArguments, type LoadRead, loadArgs, readLoad } from '../../tools/completion-load.ts';
import type { Work } from '../operation.ts';
import { Disbelieved } from '../tool-failure.ts';

export type LoadRun = LoadRead & { stderr: string };

/** Memory of a process at three moments. */
export interface MemoryOverTime {
  afterLoad: Memory;
  afterGeneration: Memory;
  /** When both parts together were highest. */
  peak: Memory;
}

/** Loads a model with llama-completion and asks it something. @param settings but for the prompt, of which `sentences` are written */
export async function loadOnce(work: Work, settings: Omit<LoadArguments, 'prompt'>, sentences: number): Promise<LoadRun> {
  return await run(work, settings, sentences, () => {});
}

/** The same, with a look at its memory every few milliseconds. */
export async function loadWatched(
  work: Work,
  settings: Omit<LoadArguments, 'prompt'>,
  sentences: number,
): Promise<LoadRun & { memory: MemoryOverTime | null }> {
  let watch: MemoryWatch | null = null;
  const ran = await run(work, settings, sentences, (pid) => {
    watch = new MemoryWatch(pid);
  });
  const seen = watch === null ? null : await (watch as MemoryWatch).stop();
  return { ...ran, memory: seen ? overTime(seen.samples, seen.highest, ran) : null };
}

const sentence = 'The boat left the harbour at noon, and by the evening nobody could see it any more. ';

async function run(
  { folder, tools, call }: Work,
  settings: Omit<LoadArguments, 'prompt'>,
  sentences: number,
  onStart: (pid: number) => void,
): Promise<LoadRun> {
  writeFileSync(join(folder, 'prompt.txt'), sentence.repeat(sentences));
  const { stderr } = await call({
    name: 'llama-completion',
    file: tools.binaries.completion,
    args: loadArgs({ ...settings, prompt: 'prompt.txt' }),
    onStart,
    explain: failure,
  });
  const read = readLoad(stderr);
  if (!read) throw new Disbelieved('llama-completion exited with 0 but printed no times');
  return { ...read, stderr };
}

/** @param highest what the system saw at once, between two looks too: what they missed is laid to the part that cannot be dropped */
export function overTime(samples: MemorySample[], highest: number | null, { ready, done }: LoadRead): MemoryOverTime | null {
  const afterLoad = samples.findLast(({ second }) => second <= ready);
  const afterGeneration = samples.findLast(({ second }) => second <= done);
  const most = samples.toSorted((a, b) => sizeOf(b) - sizeOf(a))[0];
  if (!afterLoad || !afterGeneration || !most) return null;
  const missed = Math.max(0, (highest ?? 0) - sizeOf(most));
  return {
    afterLoad: partsOf(afterLoad),
    afterGeneration: partsOf(afterGeneration),
    peak: { anonymous: most.anonymous + missed, file: most.file },
  };
}

function partsOf({ anonymous, file }: Memory): Memory {
  return { anonymous, file };
}

function sizeOf({ anonymous, file }: Memory): number {
  return anonymous + file;
}
