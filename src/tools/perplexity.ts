import { type InferenceArguments, inferenceArgs } from './inference.ts';
import { commonFailures, explain, type Pattern, withoutPrefix } from './tool.ts';

export interface LogitsArguments extends InferenceArguments {
  model: string;
  text: string;
  output: string;
  context: number;
  chunks: number | 'all';
}

/** Plain perplexity that records the distribution of every scored token. */
export function logitsArgs({ model, text, output, context, chunks, ...inference }: LogitsArguments): string[] {
  const limit = chunks === 'all' ? [] : ['--chunks', String(chunks)];
  return ['-m', model, '-f', text, '-c', String(context), ...limit, '--kl-divergence-base', output, ...inferenceArgs(inference)];
}

export interface DivergenceArguments extends InferenceArguments {
  model: string;
  logits: string;
  context: number;
}

/** Compares with a recording. The number of chunks is the recording's; `--chunks` would be ignored. */
export function divergenceArgs({ model, logits, context, ...inference }: DivergenceArguments): string[] {
  return ['-m', model, '--kl-divergence-base', logits, '--kl-divergence', '-c', String(context), ...inferenceArgs(inference)];
}

/** `no-final-block`: the tool may have lost its last lines, and is worth another try. */
export type NotRead = { ok: false; reason: 'no-final-block' | 'failed'; message: string };

export type LogitsRead = { ok: true; ppl: number; runningPpl: number[] } | NotRead;

/** Reads a recording run. @param chunks as the recording's header says */
export function readLogits(stdout: string, stderr: string, chunks: number): LogitsRead {
  const reason = explain(failures, stderr, stdout);
  if (reason) return { ok: false, reason: 'failed', message: reason };
  const text = withoutPrefix(`${stdout}\n${stderr}`);
  const runningPpl = [...text.matchAll(/\[\d+\](-?[\d.]+|-?nan|-?inf),/g)].map((match) => Number(match[1]));
  const final = /Final estimate: PPL = (\S+) \+\/- (\S+)/.exec(text);
  if (runningPpl.some((value) => !Number.isFinite(value)))
    return { ok: false, reason: 'failed', message: 'the perplexity is not a number: the weights or the build are broken' };
  if (!final || runningPpl.length !== chunks)
    return {
      ok: false,
      reason: 'no-final-block',
      message: `llama-perplexity printed ${runningPpl.length} of ${chunks} chunks${final ? '' : ' and no final estimate'}`,
    };
  return { ok: true, ppl: Number(final[1]), runningPpl };
}

/** llama-perplexity's own numbers, as printed. KLD in nats per token; Δp and same top p in percent. */
export interface Divergence {
  meanPplQ: number;
  meanPplBase: number;
  /** Mean PPL(Q)/PPL(base). */
  ratio: number;
  meanKld: number;
  maximumKld: number;
  kld999: number;
  kld99: number;
  medianKld: number;
  minimumKld: number;
  meanDp: number;
  rmsDp: number;
  sameTopP: number;
  /** Running means after chunk 1, 2, 3 ... */
  rows: { lnRatio: number; kld: number; sameTopP: number }[];
}

export type DivergenceRead = { ok: true; divergence: Divergence } | NotRead;

const finalBlock: Record<Exclude<keyof Divergence, 'rows'>, RegExp> = {
  meanPplQ: /Mean PPL\(Q\)\s*:\s*(\S+)/,
  meanPplBase: /Mean PPL\(base\)\s*:\s*(\S+)/,
  ratio: /Mean PPL\(Q\)\/PPL\(base\)\s*:\s*(\S+)/,
  meanKld: /Mean\s+KLD:\s*(\S+)/,
  maximumKld: /Maximum KLD:\s*(\S+)/,
  kld999: /99\.9%\s+KLD:\s*(\S+)/,
  kld99: /99\.0%\s+KLD:\s*(\S+)/,
  medianKld: /Median\s+KLD:\s*(\S+)/,
  minimumKld: /Minimum KLD:\s*(\S+)/,
  meanDp: /Mean\s+Δp:\s*(\S+)/,
  rmsDp: /RMS Δp\s*:\s*(\S+)/,
  sameTopP: /Same top p:\s*(\S+)/,
};

/** Reads a comparing run. @param chunks as the recording has them */
export function readDivergence(stdout: string, stderr: string, chunks: number): DivergenceRead {
  const reason = explain(failures, stderr, stdout);
  if (reason) return { ok: false, reason: 'failed', message: reason };
  const text = withoutPrefix(stdout);
  const number = String.raw`(-?[\d.]+|-?nan|-?inf)`;
  const row = new RegExp(
    String.raw`^\s*(\d+)\s+${number} ±\s+\S+\s+${number} ±\s+\S+\s+${number} ±\s+\S+\s+${number} ±\s+\S+ %\s+${number} ±`,
    'gm',
  );
  const rows = [...text.matchAll(row)].map((match) => ({ lnRatio: Number(match[3]), kld: Number(match[4]), sameTopP: Number(match[6]) }));
  const final = Object.fromEntries(Object.entries(finalBlock).map(([name, expression]) => [name, printedNumber(expression, text)])) as Omit<
    Divergence,
    'rows'
  >;
  const missing = Object.entries(final).find(([, value]) => value === null);
  if (missing || rows.length !== chunks)
    return {
      ok: false,
      reason: 'no-final-block',
      message: `llama-perplexity printed ${rows.length} of ${chunks} chunks${missing ? ' and no whole final block' : ''}`,
    };
  const broken = Object.values(final).some((value) => !Number.isFinite(value)) || rows.some(({ kld }) => !Number.isFinite(kld));
  if (broken) return { ok: false, reason: 'failed', message: 'the divergence is not a number: the weights or the build are broken' };
  return { ok: true, divergence: { ...final, rows } };
}

/** Null when it was not printed; NaN for what is printed but no number. */
function printedNumber(expression: RegExp, text: string): number | null {
  const found = expression.exec(text)?.[1];
  return found === undefined ? null : Number(found.replace(/%$/, ''));
}

export interface LogitsFile {
  context: number;
  vocabulary: number;
  chunks: number;
  /** Exact size of a whole recording: writes are not checked by the tool. */
  bytes: number;
}

/** Layout of a recording: magic, context, vocabulary and chunks, all tokens, then a row of 16-bit log-probabilities per scored token. */
export function logitsFile(firstBytes: Uint8Array): LogitsFile | null {
  const view = new DataView(firstBytes.buffer, firstBytes.byteOffset, firstBytes.byteLength);
  if (firstBytes.byteLength < 20 || new TextDecoder().decode(firstBytes.subarray(0, 8)) !== '_logits_') return null;
  const [context, vocabulary, chunks] = [8, 12, 16].map((offset) => view.getUint32(offset, true)) as [number, number, number];
  const row = 2 * (2 * Math.ceil(vocabulary / 2) + 4);
  const scored = context - 1 - Math.floor(context / 2);
  return { context, vocabulary, chunks, bytes: 20 + chunks * (4 * context + scored * row) };
}

/** Sentences after which llama-perplexity exits with 0 all the same. */
const failures: Pattern[] = [
  [
    /you need at least (\d+) tokens.*?(?:contains only|tokenizes to only|only) (\d+)/s,
    (need = '', has = '') => `the evaluation text has only ${has} tokens; it needs ${need} at least`,
  ],
  [
    /inconsistent vocabulary \((\d+) vs (\d+)\)/,
    (base = '', own = '') => `its vocabulary (${own}) is not the base model's (${base}): it is another model`,
  ],
  [/has been computed with (\d+), while the current context is (\d+)/, (base = '') => `the base was recorded with a context of ${base}`],
  [/failed reading log-probs for chunk (\d+)/, (chunk = '') => `the base's recording ends at chunk ${chunk}`],
  [/failed reading (?:evaluation tokens|n_vocab)/, "the base's recording is cut"],
  [/does not look like a file containing log-probabilities/, "the base's recording is no such file"],
  [/failed to open (\S+)/, (file = '') => `${file} cannot be opened`],
  [/: failed to decode/, 'it could not compute a chunk (failed to decode)'],
];

export function failure(stdout: string, stderr: string): string | undefined {
  return explain([...failures, ...commonFailures], stderr, stdout);
}
