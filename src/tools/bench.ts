import { benchFailures } from './failures/bench.ts';
import { explain } from './failures/explain.ts';
import { type Progress, withoutPrefix } from './tool.ts';

export interface BenchArguments {
  model: string;
  /** Tokens of the prompt (pp) and of the generation (tg); 0 leaves that test out. */
  prompt: number;
  generate: number;
  /** Tokens in the context before a test begins: each test once per depth. */
  depths: number[];
  /** Each test once per number. */
  threads: number[];
  repetitions: number;
  batch: number;
  ubatch: number;
  gpuLayers: number | null;
  extra: string[];
}

export function benchArgs({
  model,
  prompt,
  generate,
  depths,
  threads,
  repetitions,
  batch,
  ubatch,
  gpuLayers,
  extra,
}: BenchArguments): string[] {
  const gpu = gpuLayers === null ? [] : ['-ngl', String(gpuLayers)];
  // Older builds do not know depths: they measure with an empty context alone.
  const depth = depths.some((tokens) => tokens > 0) ? ['-d', depths.join(',')] : [];
  const tests = ['-p', String(prompt), '-n', String(generate), ...depth, '-r', String(repetitions)];
  const sizes = ['-b', String(batch), '-ub', String(ubatch)];
  return ['-m', model, ...tests, '-t', threads.join(','), ...sizes, ...gpu, '-o', 'jsonl', '--progress', ...extra];
}

/** `llama-bench: benchmark 2/2: generation run 1/2`. */
export function progress(line: string): Progress | null {
  const match = /benchmark (\d+)\/(\d+): (?:prompt|generation) run (\d+)\/(\d+)/.exec(line);
  if (!match) return null;
  const [test, tests, run, runs] = match.slice(1).map(Number) as [number, number, number, number];
  return { done: (test - 1) * runs + run - 1, total: tests * runs, unit: 'runs' };
}

export interface BenchTest {
  test: 'pp' | 'tg';
  tokens: number;
  depth: number;
  threads: number;
  /** Tokens per second of each repetition, from its nanoseconds: the printed rates are rounded to six digits. */
  samplesTps: number[];
}

/** A JSON line per finished test. Lines of another kind, or torn ones, are passed over. */
export function readBench(stdout: string): BenchTest[] {
  return withoutPrefix(stdout)
    .split('\n')
    .flatMap((line) => {
      const row = parseRow(line);
      if (!row) return [];
      const tokens = row.n_prompt + row.n_gen;
      const samplesTps = row.samples_ns.map((ns) => (tokens * 1e9) / ns);
      return [{ test: row.n_gen > 0 ? 'tg' : 'pp', tokens, depth: row.n_depth ?? 0, threads: row.n_threads, samplesTps }];
    });
}

interface Row {
  n_prompt: number;
  n_gen: number;
  n_depth?: number;
  n_threads: number;
  samples_ns: number[];
}

function parseRow(line: string): Row | null {
  try {
    const row = JSON.parse(line);
    const counts = [row?.n_prompt, row?.n_gen, row?.n_depth ?? 0, row?.n_threads];
    return Array.isArray(row?.samples_ns) && counts.every(Number.isInteger) ? row : null;
  } catch {
    return null;
  }
}

export function failure(stdout: string, stderr: string): string | undefined {
  return explain(benchFailures, stderr, stdout);
}
