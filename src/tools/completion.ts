import { completionFailures } from './failures/completion.ts';
import { explain } from './failures/explain.ts';
import { type InferenceArguments, inferenceArgs } from './inference.ts';

export interface CompletionArguments extends InferenceArguments {
  model: string;
  /** A file that ends in a line break, which the tool takes away. */
  prompt: string;
  /** Where the tool shall write its log, of which the answer is read. */
  log: string;
  /** Tokens that the context has to hold: prompt and answer. */
  context: number;
  /** Of the answer, at most. */
  tokens: number;
  /** `false` when the prompt itself begins with the token that begins a text; null leaves it to the model. */
  addBos: false | null;
}

export function completionArgs({ model, prompt, log, context, tokens, addBos, ...inference }: CompletionArguments): string[] {
  // Not even one of several equal tokens is drawn; said in full, as a GGUF may come with sampling settings of its own.
  const greedy = ['--samplers', 'top_k', '--top-k', '1', '--temp', '0', '--mirostat', '0', '--seed', '1'];
  const asIs = ['-no-cnv', '--no-escape', '--no-display-prompt', '--special', '--no-context-shift', '--no-warmup', '--perf'];
  const told = ['-lv', '5', '--log-prefix', '--log-timestamps', '--log-file', log];
  const bos = addBos === false ? ['--override-kv', 'tokenizer.ggml.add_bos_token=bool:false'] : [];
  const question = ['-m', model, '-f', prompt, '-n', String(tokens), '-c', String(context)];
  return [...question, ...greedy, ...asIs, ...told, ...bos, ...inferenceArgs(inference)];
}

export interface Answer {
  /** What each token writes, without the one that ends the text. A character stands for a byte, as a token may hold part of a character. */
  tokens: string[];
  /** With an end-of-text token of its own accord. */
  ended: boolean;
  /** Computing the tokens after the first one, which comes with the prompt; without loading and without reading the prompt. */
  seconds: number;
  promptTokens: number;
}

type AnswerRead = { ok: true; answer: Answer } | { ok: false; reason: 'no-final-block'; message: string };

/**
 * Reads the answer of the tool's log: between the lines about each token stands what it writes.
 * @param log its bytes, a character each (`latin1`)
 */
export function readAnswer(log: string): AnswerRead {
  // What comes before repeats the prompt, which may say anything.
  const generation = log.slice(log.lastIndexOf('generate: n_ctx = '));
  const remaining = [...generation.matchAll(tokenLine)];
  const written = remaining.map((line) => pieceAfter(generation, line));
  const left = remaining.map((line) => Number(line[2]));
  const timing = timings(generation);
  const ended = written.at(-1)?.next === 'end';
  const isWhole = written.length > 0 && (ended || left.at(-1) === 0) && left.every((count, i) => count === (left[0] ?? 0) - i);
  if (!isWhole || !timing)
    return { ok: false, reason: 'no-final-block', message: `llama-completion ended after ${written.length} tokens without a whole log` };
  // At its end the tool writes an empty line.
  const pieces = written.map(({ piece }, i) => (i === written.length - 1 && !ended ? piece.replace(/\n\n$/, '') : piece));
  return { ok: true, answer: { tokens: ended ? pieces.slice(0, -1) : pieces, ended, ...timing } };
}

/** `0.00.118.108 D n_remain: 37`: a token has been chosen, and its text follows. */
const tokenLine = /^(\d+)\.\d{2}\.\d{3}\.\d{3} D n_remain: (\d+)\n/gm;

/** What begins the next line, glued to the text: minutes, seconds, milliseconds, microseconds, level. */
const nextLine = /(\d+)\.\d{2}\.\d{3}\.\d{3} [DIWE] (found an EOG token)?/g;

function pieceAfter(log: string, line: RegExpExecArray): { piece: string; next: 'end' | 'other' } {
  const from = line.index + line[0].length;
  nextLine.lastIndex = from;
  const next = nextLine.exec(log);
  if (!next) return { piece: log.slice(from), next: 'other' };
  const digits = next[1] ?? '';
  const piece = log.slice(from, next.index + digits.length - minutesIn(digits, Number(line[1])).length);
  return { piece, next: next[2] === undefined ? 'other' : 'end' };
}

/** A text that ends in digits runs into the minutes of the time, which never go back. */
function minutesIn(digits: string, before: number): string {
  for (let length = 1; length < digits.length; length++) {
    const tried = digits.slice(-length);
    if ((tried === '0' || !tried.startsWith('0')) && Number(tried) >= before) return tried;
  }
  return digits;
}

function timings(log: string): { seconds: number; promptTokens: number } | null {
  const prompt = /prompt eval time = +[\d.]+ ms \/ +(\d+) tokens/.exec(log)?.[1];
  const [, milliseconds, runs] = /: +eval time = +([\d.]+) ms \/ +(\d+) runs/.exec(log) ?? [];
  if (prompt === undefined || milliseconds === undefined || runs === undefined) return null;
  return { seconds: Number(milliseconds) / 1000, promptTokens: Number(prompt) };
}

/** How many tokens of an answer are left, from a line of the log. */
export function tokensLeft(line: string): number | null {
  const left = /D n_remain: (\d+)/.exec(line)?.[1];
  return left === undefined ? null : Number(left);
}

export function failure(stdout: string, stderr: string): string | undefined {
  return explain(completionFailures, stderr, stdout);
}
