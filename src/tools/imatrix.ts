import { explain } from './failures/explain.ts';
import { imatrixFailures } from './failures/imatrix.ts';
import { type InferenceArguments, inferenceArgs } from './inference.ts';

export interface ImatrixArguments extends InferenceArguments {
  model: string;
  text: string;
  output: string;
  /** Windows of 512 tokens. */
  chunks: number | 'all';
  /** Takes what looks like a special token in the text for one. */
  parseSpecial: boolean;
}

export function imatrixArgs({ model, text, output, chunks, parseSpecial, ...inference }: ImatrixArguments): string[] {
  const limit = chunks === 'all' ? [] : ['--chunks', String(chunks)];
  const special = parseSpecial ? ['--parse-special'] : [];
  return ['-m', model, '-f', text, '-o', output, '--output-format', 'gguf', '-c', '512', ...special, ...limit, ...inferenceArgs(inference)];
}

export function failure(stdout: string, stderr: string): string | undefined {
  return explain(imatrixFailures, stderr, stdout);
}
