import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Failure, Stopped } from '../errors.ts';
import { capture } from '../spawn.ts';
import type { Binaries, QuantType } from '../tools/llama-cpp.ts';
import { crashSignal, type SelfTestCrash } from './crash.ts';
import { pace } from './seconds-left.ts';
import type { Site } from './site.ts';
import { tinyGguf } from './tiny-gguf.ts';

/** One type of each family of kernels that a build may know. Not IQ1 and IQ2_S: making their tables takes ten seconds each. */
const kernelFamilies = [
  ...words('F16 BF16 Q8_0 Q4_0 Q5_1 Q1_0 Q2_0 TQ1_0 TQ2_0'),
  ...words('Q2_K Q3_K_M Q4_K_M Q5_K_M Q6_K IQ2_XXS IQ3_XXS IQ3_S IQ4_NL IQ4_XS'),
];

export type SelfTest = { passed: true; types: string[] } | { passed: false; crash: SelfTestCrash };

export interface Subject {
  binaries: Binaries;
  types: QuantType[];
  backend: string;
}

/** Quantizes a tiny model to each family of types and computes with the result. Throws Failure for a build that runs but gives nonsense. */
export async function selfTest(subject: Subject, site: Pick<Site, 'on' | 'signal'>): Promise<SelfTest> {
  const folder = mkdtempSync(join(tmpdir(), 'qpipe-self-test-'));
  try {
    writeFileSync(join(folder, 'tiny.gguf'), tinyGguf());
    writeFileSync(join(folder, 'text.txt'), 'The quick brown fox jumps over the lazy dog. '.repeat(16));
    const types = kernelFamilies.filter((family) => subject.types.some((type) => type.name === family));
    const left = pace();
    await run(folder, subject, 'imatrix', 'BF16', [...words('-m tiny.gguf -f text.txt -o tiny.imatrix -c 64'), ...onGpu(subject, true)]);
    for (const [index, type] of types.entries()) {
      if (site.signal?.aborted) throw new Stopped();
      site.on({ type: 'step', name: 'self-test', done: index, total: types.length, secondsLeft: left(index, types.length) });
      await testType(folder, subject, type);
    }
    site.on({ type: 'step', name: 'self-test', done: types.length, total: types.length, secondsLeft: 0 });
    return { passed: true, types };
  } catch (thrown) {
    if (thrown instanceof Crashed) return { passed: false, crash: thrown.crash };
    throw thrown;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

class Crashed extends Error {
  readonly crash: SelfTestCrash;
  constructor(crash: SelfTestCrash) {
    super(`${crash.tool} crashed`);
    this.crash = crash;
  }
}

/** Pure, so that the type itself computes; but the embedding, which the imatrix does not cover, cannot be of every type. */
const pureQuant = words('--pure --token-embedding-type q8_0 --imatrix tiny.imatrix tiny.gguf quant.gguf');

async function testType(folder: string, subject: Subject, type: string): Promise<void> {
  await run(folder, subject, 'quantize', type, [...pureQuant, type]);
  await perplexityOf(folder, subject, type);
  const bench = await run(folder, subject, 'bench', type, [
    ...words('-m quant.gguf -p 16 -n 2 -r 1 -t 2 -o jsonl --no-warmup'),
    ...onGpu(subject, false),
  ]);
  if (!hasSpeeds(bench)) throw nonsense(subject.binaries.bench, type, 'gave no speeds');
}

/** Judged by the final line or, as a foreign llama-perplexity may lose its last lines and exit 0 all the same, by a chunk's row. */
async function perplexityOf(folder: string, subject: Subject, type: string): Promise<void> {
  for (let attempt = 0; attempt < 3; attempt++) {
    const output = await run(folder, subject, 'perplexity', type, [
      ...words('-m quant.gguf -f text.txt -c 64 --chunks 4 -t 2'),
      ...onGpu(subject, true),
    ]);
    const perplexity = lastPerplexity(output);
    if (perplexity === null) continue;
    if (Number.isFinite(perplexity) && perplexity > 1) return;
    throw nonsense(subject.binaries.perplexity, type, `computed a perplexity of ${perplexity}`);
  }
  throw nonsense(subject.binaries.perplexity, type, 'ended three times without a result');
}

/** From `Final estimate: PPL = 407.9 +/- 42.5`, else from the last of `[1]394.0140,[2]407.9245,`. */
export function lastPerplexity(output: string): number | null {
  const found = /Final estimate: PPL = (\S+)/.exec(output)?.[1] ?? [...output.matchAll(/\[\d+\]([^,\s[]+),/g)].at(-1)?.[1];
  return found === undefined ? null : Number(found);
}

/** llama-bench prints a JSON line per test. */
export function hasSpeeds(jsonl: string): boolean {
  const speeds = [...jsonl.matchAll(/"avg_ts": ?([\d.]+)/g)].map((match) => Number(match[1]));
  return speeds.length === 2 && speeds.every((speed) => speed > 0);
}

/** On a GPU the number of layers and the fitting must be said, or free memory decides what runs where. */
function onGpu({ backend }: Subject, fits: boolean): string[] {
  if (backend === 'CPU') return [];
  return words(fits ? '-ngl 99 -fit off' : '-ngl 99');
}

async function run(folder: string, { binaries }: Subject, tool: keyof Binaries, type: string, args: string[]): Promise<string> {
  const result = await capture(binaries[tool], args, { cwd: folder, timeoutMs: 300_000 });
  const signal = crashSignal(result);
  if (signal !== null) throw new Crashed({ tool: basename(binaries[tool]), type, signal });
  if (result.code !== 0) {
    const last = result.stderr.trim().split('\n').at(-1) ?? '';
    throw nonsense(binaries[tool], type, `ended with ${result.signal ?? `exit code ${result.code}`}${last === '' ? '' : `: ${last}`}`);
  }
  return `${result.stdout}\n${result.stderr}`;
}

function nonsense(file: string, type: string, what: string): Failure {
  return new Failure(`the self-test of llama.cpp failed: ${basename(file)} ${what} (type ${type}, ${file})`);
}

function words(text: string): string[] {
  return text.split(' ');
}
