import { explain } from './failures/explain.ts';
import { failuresWithoutCode, perplexityFailures } from './failures/perplexity.ts';
import { type InferenceArguments, inferenceArgs } from './inference.ts';
import { withoutPrefix } from './tool.ts';

export interface LogitsArguments extends InferenceArguments {
  model: string;
  text: string;
  output: string;
  context: number;
  chunks: number | 'all';
}

/** Plain perplexity that records the distribution of every scored token. */
export function logitsArgs({ output, ...plain }: LogitsArguments): string[] {
  const { model, text, context, chunks, ...inference } = plain;
  return [...textArgs(plain), '--kl-divergence-base', output, ...inferenceArgs(inference)];
}

/** Plain perplexity that records nothing. */
export function perplexityArgs(plain: Omit<LogitsArguments, 'output'>): string[] {
  const { model, text, context, chunks, ...inference } = plain;
  return [...textArgs(plain), ...inferenceArgs(inference)];
}

function textArgs({ model, text, context, chunks }: Omit<LogitsArguments, 'output'>): string[] {
  return ['-m', model, '-f', text, '-c', String(context), ...(chunks === 'all' ? [] : ['--chunks', String(chunks)])];
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
type NotRead = { ok: false; reason: 'no-final-block' | 'failed'; message: string };

/** `pplError` is the tool's own ±, which takes tokens for independent. */
export type LogitsRead = { ok: true; ppl: number; pplError: number; runningPpl: number[] } | NotRead;

/** Reads a recording run. @param chunks as the recording's header says */
export function readLogits(stdout: string, stderr: string, chunks: number): LogitsRead {
  const reason = explain(failuresWithoutCode, stderr, stdout);
  if (reason) return failed(reason);
  const text = withoutPrefix(`${stdout}\n${stderr}`);
  const printed = [...text.matchAll(new RegExp(String.raw`\[(\d+)\]${number},`, 'g'))];
  const runningPpl = printed.map((match) => Number(match[2]));
  const final = /Final estimate: PPL = (\S+) \+\/- (\S+)\s/.exec(text);
  if (runningPpl.some((value) => !Number.isFinite(value))) return failed(`the perplexity is ${notANumber}`);
  if (!final || !areAll(printed, chunks)) return unfinished(printed.length, chunks, final ? '' : ' and no final estimate');
  return { ok: true, ppl: Number(final[1]), pplError: Number(final[2]), runningPpl };
}

/**
 * llama-perplexity's own numbers, as printed: Q is the model, base what it is compared with. KLD in nats per token, Δp and same
 * top p in percent. `kld99` is the 99th percentile over tokens.
 */
export interface Divergence extends Record<keyof typeof finalBlock, number> {
  /** The tool's own ±, too small as it takes tokens for independent; null where it is no number, as for a model against itself. */
  tokenErrors: Partial<Record<keyof typeof finalBlock, number | null>>;
  /** Running means after chunk 1, 2, 3 ... */
  rows: DivergenceRow[];
}

interface DivergenceRow {
  ppl: number;
  lnRatio: number;
  kld: number;
  rmsDp: number;
  sameTopP: number;
}

export type DivergenceRead = { ok: true; divergence: Divergence } | NotRead;

const number = String.raw`(-?[\d.]+|-?nan|-?inf)`;

/** What stands before each number of the final block. */
const finalBlock = {
  meanPplQ: String.raw`Mean PPL\(Q\)\s*:`,
  meanPplBase: String.raw`Mean PPL\(base\)\s*:`,
  corLnPpl: String.raw`Cor\(ln\(PPL\(Q\)\), ln\(PPL\(base\)\)\):`,
  lnRatio: String.raw`Mean ln\(PPL\(Q\)/PPL\(base\)\)\s*:`,
  ratio: String.raw`Mean PPL\(Q\)/PPL\(base\)\s*:`,
  difference: String.raw`Mean PPL\(Q\)-PPL\(base\)\s*:`,
  meanKld: String.raw`Mean\s+KLD:`,
  maximumKld: 'Maximum KLD:',
  kld999: String.raw`99\.9%\s+KLD:`,
  kld99: String.raw`99\.0%\s+KLD:`,
  kld95: String.raw`95\.0%\s+KLD:`,
  kld90: String.raw`90\.0%\s+KLD:`,
  medianKld: String.raw`Median\s+KLD:`,
  kld10: String.raw`10\.0%\s+KLD:`,
  kld5: String.raw`\b5\.0%\s+KLD:`,
  kld1: String.raw`\b1\.0%\s+KLD:`,
  kld01: String.raw`\b0\.1%\s+KLD:`,
  minimumKld: 'Minimum KLD:',
  meanDp: String.raw`Mean\s+Δp:`,
  rmsDp: String.raw`RMS Δp\s*:`,
  sameTopP: 'Same top p:',
};

const lastLine = /Same top p:\s*\S+ ±\s+\S+ %/;

/** Reads a comparing run. @param chunks as the recording has them */
export function readDivergence(stdout: string, stderr: string, chunks: number): DivergenceRead {
  const reason = explain(failuresWithoutCode, stderr, stdout);
  if (reason) return failed(reason);
  const text = withoutPrefix(stdout).replace(mislabelled, '$195.0%');
  const printed = [...text.matchAll(tableRow)];
  const rows = printed.map(([, , ...values]) => {
    const [ppl, lnRatio, kld, rmsDp, sameTopP] = values.map(Number) as [number, number, number, number, number];
    return { ppl, lnRatio, kld, rmsDp, sameTopP };
  });
  const final = Object.entries(finalBlock).map(([name, label]) => ({ name, ...valueAfter(label, text) }));
  const missing = !lastLine.test(text) || final.some(({ value }) => value === undefined);
  if (missing || !areAll(printed, chunks)) return unfinished(rows.length, chunks, missing ? ' and no whole final block' : '');
  const values = Object.fromEntries(final.map(({ name, value }) => [name, value])) as Record<keyof typeof finalBlock, number>;
  const all = [...Object.values(values), ...rows.flatMap((row) => Object.values(row))];
  if (!all.every(Number.isFinite)) return failed(`the divergence is ${notANumber}`);
  const tokenErrors = Object.fromEntries(final.flatMap(({ name, error }) => (error === undefined ? [] : [[name, error]])));
  return { ok: true, divergence: { ...values, tokenErrors, rows } };
}

/** Older builds print the 95 % line as a second 99.0 %. */
const mislabelled = /(99\.0%\s+KLD:\s*\S+\s+)99\.0%/;

const tableRow = new RegExp(
  String.raw`^\s*(\d+)\s+${number} ±\s+\S+\s+${number} ±\s+\S+\s+${number} ±\s+\S+\s+${number} ±\s+\S+ %\s+${number} ±\s+\S+ %\s*$`,
  'gm',
);

/** Undefined is what was not printed. An error that is not a number becomes null, as JSON has it. */
function valueAfter(label: string, text: string): { value: number | undefined; error: number | null | undefined } {
  const match = new RegExp(String.raw`${label}\s*${number}%?(?: ±\s+${number})?`).exec(text);
  const error = match?.[2] === undefined ? undefined : Number(match[2]);
  return { value: match?.[1] === undefined ? undefined : Number(match[1]), error: Number.isNaN(error) ? null : error };
}

const notANumber = 'not a number: the weights or the build are broken';

/** Whether the printed chunks are 1, 2, 3 ... up to the last. */
function areAll(printed: RegExpExecArray[], chunks: number): boolean {
  return printed.length === chunks && printed.every((match, i) => Number(match[1]) === i + 1);
}

function failed(message: string): NotRead {
  return { ok: false, reason: 'failed', message };
}

function unfinished(printed: number, chunks: number, what: string): NotRead {
  return { ok: false, reason: 'no-final-block', message: `llama-perplexity printed ${printed} of ${chunks} chunks${what}` };
}

export interface LogitsFile {
  context: number;
  vocabulary: number;
  chunks: number;
  /** Exact size of a whole recording: writes are not checked by the tool. */
  bytes: number;
}

/**
 * What a recording is, from its first 20 bytes; null when it is none. Layout: magic, context, vocabulary and chunks, all tokens,
 * then a row of 16-bit log-probabilities per scored token.
 */
export function logitsFile(firstBytes: Uint8Array): LogitsFile | null {
  const view = new DataView(firstBytes.buffer, firstBytes.byteOffset, firstBytes.byteLength);
  if (firstBytes.byteLength < 20 || new TextDecoder().decode(firstBytes.subarray(0, 8)) !== '_logits_') return null;
  const [context, vocabulary, chunks] = [8, 12, 16].map((offset) => view.getUint32(offset, true)) as [number, number, number];
  // A text that is too short leaves the magic and the context alone.
  if (vocabulary === 0 || chunks === 0) return null;
  return { context, vocabulary, chunks, bytes: recordingBytes({ context, vocabulary, chunks }) };
}

/** Exact size of a recording: its header, all tokens, and for each scored one a number of two bytes for every token of the vocabulary. */
export function recordingBytes({ context, vocabulary, chunks }: Pick<LogitsFile, 'context' | 'vocabulary' | 'chunks'>): number {
  const row = 2 * (2 * Math.ceil(vocabulary / 2) + 4);
  return 20 + chunks * (4 * context + scoredTokens(context) * row);
}

/** Of a chunk: those of its second half that have a next one. */
export function scoredTokens(context: number): number {
  return context - 1 - Math.floor(context / 2);
}

export function failure(stdout: string, stderr: string): string | undefined {
  return explain(perplexityFailures, stderr, stdout);
}
