import type { BenchSettings, LoadSettings } from './pipeline.ts';
import type { WrittenPipeline } from './schema.ts';
import { leftForAnswer, usualContext } from './written-load.ts';

export function bench(written: WrittenPipeline['bench'] = 'default'): BenchSettings | null {
  if (written === 'none') return null;
  const {
    prompt = 512,
    generate = 128,
    rounds = 6,
    threads = 'auto',
    depth = 0,
    batch = 2048,
    ubatch = 512,
    warmup = true,
    sustained = false,
    quants = 'all',
  } = written === 'default' ? {} : written;
  const depths = [...new Set([0, depth].flat())].sort((a, b) => a - b);
  return { prompt, generate, rounds, threads, depths, batch, ubatch, warmup, sustained: sustained === false ? null : sustained, quants };
}

export function load(written: WrittenPipeline['load'] = 'none'): LoadSettings | null {
  if (written === 'none') return null;
  const {
    context = usualContext,
    kvType = 'f16',
    rounds = 3,
    mmap = true,
    prompt = 'full',
    quants = 'all',
  } = written === 'default' ? {} : written;
  const room = context - leftForAnswer;
  return { context, kvType, rounds, mmap, prompt: prompt === 'full' ? room : prompt, quants };
}
