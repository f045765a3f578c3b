import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readGguf } from '../../gguf/header.ts';
import { estimateMemory } from '../../memory/estimate.ts';
import { usualUse } from '../../memory/use.ts';
import { tinyGguf } from '../../setup/tiny-gguf.ts';
import type { Operation } from '../operation.ts';
import { Disbelieved } from '../tool-failure.ts';
import { loadWatched } from './completion-load.ts';

interface OverheadResult {
  /** What a process takes that has next to no model: its programs, libraries and buffers. */
  bytes: number;
}

/** In steps of a MiB, so that the same machine gives the same value again. */
const step = 2 ** 20;

const context = 256;

/** Measured with the model of the self-test, whose own share is computed and taken away. */
export const overhead: Operation<'overhead'> = async (work) => {
  const { threads, gpuLayers, args } = work.task.params;
  const path = join(work.folder, 'tiny.gguf');
  writeFileSync(path, tinyGguf());
  const settings = { model: 'tiny.gguf', context, kvType: 'f16', ubatch: 512, mmap: true, generate: 16, threads, gpuLayers, extra: args };
  const { memory } = await loadWatched(work, settings, 1);
  if (!memory) throw new Disbelieved('the memory of llama-completion could not be read: it ended before it could be looked at');
  const { total } = estimateMemory(readGguf(path), { ...usualUse, context }, 0);
  const bytes = Math.max(0, Math.round((memory.peak.anonymous + memory.peak.file - total) / step) * step);
  writeFileSync(join(work.folder, 'overhead.json'), JSON.stringify({ bytes }));
  return { bytes } satisfies OverheadResult;
};
