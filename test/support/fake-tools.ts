import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { parseQuantTypes } from '../../src/setup/quant-types.ts';
import type { LlamaCpp } from '../../src/tools/llama-cpp.ts';

/** How a stand-in misbehaves; several may be combined. */
export interface Misbehaviour {
  /** Which calls: `convert`, `convert:mmproj`, `imatrix`, `logits`, `dry-run:Q4_0`, `quantize:Q4_0`, `divergence:Q4_0`, `samples:Q4_0` (`F16` is the base), `bench`, `merge`, `probe` or `tokenize`. */
  at: string;
  /** Only so many calls; all of them when left out. */
  times?: number;
  /** Milliseconds before it goes on. */
  slow?: number;
  /** Hangs until `release` is called with this name. */
  until?: string;
  /** Pays no heed to SIGTERM. */
  deaf?: boolean;
  /** Leaves a process of its own behind. */
  child?: boolean;
  signal?: NodeJS.Signals;
  stderr?: string;
  exit?: number;
  /** Exits with 0 although ... its final block is lost, its numbers are NaN, its file is cut in half or not there. */
  loseFinal?: boolean;
  /** llama-completion: says the same word again and again, or comes to no end. */
  repeat?: boolean;
  endless?: boolean;
  nan?: boolean;
  half?: boolean;
  noFile?: boolean;
  /** llama-imatrix: leaves out this many tensors, or makes entries for a wider model. */
  omitEntries?: number;
  wrongSize?: boolean;
  /** Makes another part of the model than it was asked for. */
  wrongPart?: boolean;
  /** merge: changes no weight. probe: says that texts end with another token. llama-tokenize: reads other tokens. */
  idle?: boolean;
  otherEnd?: boolean;
  other?: boolean;
}

/** One call of a stand-in, from the log. */
export interface Call {
  about: string;
  pid: number;
  args: string[];
  cwd: string;
  threads: number;
  env: Record<string, string>;
  start: number;
  /** Null while it runs, and for one that was killed. */
  end: number | null;
}

export interface FakeTools {
  llamaCpp: LlamaCpp;
  misbehave(...rules: Misbehaviour[]): void;
  release(name: string): void;
  calls(): Call[];
  /** What was called, each once per call. */
  called(): string[];
  /** Waits until a call has begun. */
  hasBegun(about: string): Promise<Call>;
}

const fakes = fileURLToPath(new URL('../fakes/', import.meta.url));
const usage = fileURLToPath(new URL('../fixtures/output/quantize/v0.5.0/usage.stdout.txt', import.meta.url));
const programs = [
  'llama-quantize',
  'llama-imatrix',
  'llama-perplexity',
  'llama-bench',
  'llama-completion',
  'llama-tokenize',
  'convert_hf_to_gguf.mjs',
  'python',
];

/** Stand-ins for llama.cpp in a folder of their own, where their rules and their log lie too. */
export function fakeTools(folder: string): FakeTools {
  mkdirSync(folder, { recursive: true });
  for (const program of programs) symlinkSync(join(fakes, program), join(folder, program));
  const calls = () => readCalls(join(folder, 'calls.ndjson'));
  let generation = 0;
  return {
    llamaCpp: llamaCpp(folder),
    misbehave(...rules) {
      // The stand-ins count the uses of a rule by its place: rules of earlier generations stay as blanks.
      const blanks = Array.from({ length: generation }, () => ({ at: '' }));
      writeFileSync(join(folder, 'control.json'), JSON.stringify([...blanks, ...rules]));
      generation += rules.length;
    },
    release: (name) => writeFileSync(join(folder, name), ''),
    calls,
    called: () => calls().map(({ about }) => about),
    hasBegun: (about) =>
      vi.waitUntil(() => calls().findLast((call) => call.about === about && call.end === null), { timeout: 30_000, interval: 20 }),
  };
}

function llamaCpp(folder: string): LlamaCpp {
  const binary = (name: string) => join(folder, `llama-${name}`);
  return {
    origin: 'named',
    binaries: {
      quantize: binary('quantize'),
      imatrix: binary('imatrix'),
      perplexity: binary('perplexity'),
      bench: binary('bench'),
      completion: binary('completion'),
    },
    converter: {
      python: process.execPath,
      script: join(folder, 'convert_hf_to_gguf.mjs'),
      id: 'a stand-in converter',
      merger: 'a stand-in for merging',
      description: 'a stand-in',
    },
    version: 'a stand-in',
    build: { id: 'b'.repeat(64), kind: 'foreign', backend: 'CPU', description: 'stand-ins' },
    types: parseQuantTypes(readFileSync(usage, 'utf8')),
    needImatrix: ['IQ2_XXS', 'IQ1_S'],
  };
}

type Entry = Omit<Call, 'start' | 'end'> & { event: 'start' | 'end'; at: number };

function readCalls(log: string): Call[] {
  if (!existsSync(log)) return [];
  const entries = readFileSync(log, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Entry);
  const ends = new Map(entries.filter(({ event }) => event === 'end').map(({ pid, at }) => [pid, at]));
  return entries
    .filter(({ event }) => event === 'start')
    .map(({ event, at, ...call }) => ({ ...call, start: at, end: ends.get(call.pid) ?? null }));
}
