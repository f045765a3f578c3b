import { choicesFailures } from './failures/choices.ts';
import { explain } from './failures/explain.ts';
import { type InferenceArguments, inferenceArgs } from './inference.ts';
import type { ChoiceTask } from './questions.ts';
import { type Progress, withoutPrefix } from './tool.ts';

export interface ChoicesArguments extends InferenceArguments {
  model: string;
  /** The file of questions. */
  questions: string;
  task: ChoiceTask;
  /** How many are drawn, at most. */
  count: number;
  /** Of the question that has most of them. */
  mostAnswers: number;
}

/** Tokens that a question may have with all its answers. The tool keeps a number for each token of the vocabulary at each of them. */
const room = 2048;

/**
 * Each answer is a sequence of its own, and all of a question are computed at once. The file is read as binary: as text, its last line end would
 * go, and with it the last question of a winogrande file.
 */
export function choicesArgs({ model, questions, task, count, mostAnswers, ...inference }: ChoicesArguments): string[] {
  const sequences = Math.max(4, mostAnswers);
  const [context, parallel] = [Math.ceil(room / sequences), sequences].map(String) as [string, string];
  const drawn = [`--${task}-tasks`, String(count)];
  return ['-m', model, '-bf', questions, `--${task}`, ...drawn, '-c', context, '-np', parallel, ...inferenceArgs(inference)];
}

/** `12	75.00000000%	[46.7695%, 91.1058%]`. */
export function choicesProgress(count: number): (line: string) => Progress | null {
  return (line) => {
    const done = Number(/^(\d+)\t\d/.exec(line)?.[1] ?? 0);
    return done > 0 ? { done, total: count, unit: 'questions' } : null;
  };
}

export type ChoicesRead = { ok: true; right: boolean[] } | { ok: false; reason: 'no-final-block' | 'failed'; message: string };

/**
 * Which questions were answered rightly, in the order in which the tool draws them: the same for every model. The tool prints a running share
 * after each, from which single answers follow.
 * @param count how many there must be
 */
export function readChoices(stdout: string, stderr: string, count: number): ChoicesRead {
  const reason = explain(choicesFailures, stderr, stdout);
  if (reason) return { ok: false, reason: 'failed', message: reason };
  const rows = [...withoutPrefix(stdout).matchAll(/^(\d+)\t(-?nan|-?[\d.]+)%?(.*)$/gm)];
  if (rows.some(([, , share = '', rest = '']) => /nan/.test(share + rest)))
    return { ok: false, reason: 'failed', message: 'its scores are not numbers: the weights or the build are broken' };
  const counts = rows.map(([, done, share]) => Math.round((Number(share) / 100) * Number(done)));
  const right = counts.map((total, i) => total - (counts[i - 1] ?? 0));
  const isWhole =
    rows.length === count && rows.every(([, done], i) => Number(done) === i + 1) && right.every((one) => one === 0 || one === 1);
  if (!isWhole) return { ok: false, reason: 'no-final-block', message: `llama-perplexity printed ${rows.length} of ${count} answers` };
  return { ok: true, right: right.map((one) => one === 1) };
}

export function failure(stdout: string, stderr: string): string | undefined {
  return explain(choicesFailures, stderr, stdout);
}
