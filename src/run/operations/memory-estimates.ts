import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Gguf, readGguf } from '../../gguf/header.ts';
import { estimateMemory, type MemoryEstimate } from '../../memory/estimate.ts';
import { overheadBytes } from '../../memory/overhead.ts';
import { shapeOf } from '../../memory/shape.ts';
import type { Instructions } from '../../memory/use.ts';
import { systemFlags } from '../../tools/completion-load.ts';
import { fitParamsArgs, readFitParams } from '../../tools/fit-params.ts';
import type { Work } from '../operation.ts';
import { fileName } from './names.ts';

interface Estimates {
  estimate: MemoryEstimate;
  byFit: MemoryEstimate | null;
}

/** What the header and llama-fit-params say of what was measured. @param log of llama-completion, which says how the build computes */
export async function estimatesOf(work: Work<'load'>, processBytes: number, log: string): Promise<Estimates> {
  const { context, kvType, mmap, ubatch, gpuLayers, args } = work.task.params;
  const gguf = wholeModel(work);
  const use = {
    context,
    kvType: kvType.toUpperCase(),
    ubatch,
    flashAttention: true,
    mmap,
    repack: args.some((arg) => arg === '--no-repack' || arg === '-nr') ? null : repackOf(systemFlags(log)),
    gpuLayers: gpuLayers ?? 0,
    logits: gpuLayers ? ('all' as const) : ('one' as const),
  };
  const overhead = processBytes + vocabularyBytes(gguf);
  const estimate = estimateMemory(gguf, use, overhead);
  const measured = {
    ...estimate,
    method: estimate.method.replace('overhead by the vocabulary', 'overhead of the process as measured here'),
  };
  return { estimate: measured, byFit: await byFit(work, overhead) };
}

/** All parts of a split model as one. */
function wholeModel({ task, folder }: Work<'load'>): Gguf {
  const parts = (task.inputs['model'] ?? []).filter(({ name }) => name.endsWith('.gguf')).map(({ name }) => readGguf(join(folder, name)));
  const first = parts[0] ?? readGguf(join(folder, fileName(task, 'model')));
  return { ...first, tensors: parts.flatMap(({ tensors }) => tensors) };
}

function vocabularyBytes(gguf: Gguf): number {
  return overheadBytes(shapeOf(gguf)) - overheadBytes({ vocabulary: 0, merges: 0 });
}

/** Whose kernels lay weights out anew; null where the build has none. */
function repackOf(flags: Set<string>): Instructions | null {
  if (!flags.has('REPACK')) return null;
  if (flags.has('AVX512')) return 'avx512';
  return flags.has('AVX2') ? 'avx2' : flags.has('DOTPROD') ? 'dotprod' : null;
}

/** It lies beside the others in every build of the release; older builds have none. */
async function byFit({ task, tools, call }: Work<'load'>, overhead: number): Promise<MemoryEstimate | null> {
  const file = join(dirname(tools.binaries.completion), 'llama-fit-params');
  if (!existsSync(file)) return null;
  const { context, kvType, ubatch, gpuLayers } = task.params;
  const args = fitParamsArgs({ model: fileName(task, 'model'), context, kvType, ubatch, gpuLayers });
  const { stdout } = await call({ name: 'llama-fit-params', file, args });
  const read = readFitParams(stdout);
  return read && { ...read, overhead, total: read.weights + read.kv + read.compute + overhead, method: fitMethod };
}

const fitMethod = 'llama-fit-params without repacking, in whole MiB over all devices; overhead of the process as measured here';
