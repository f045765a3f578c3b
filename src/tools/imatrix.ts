import { type InferenceArguments, inferenceArgs } from './inference.ts';
import { commonFailures, explain, type Pattern } from './tool.ts';

export interface ImatrixArguments extends InferenceArguments {
  model: string;
  text: string;
  output: string;
  /** Windows of 512 tokens. */
  chunks: number | 'all';
}

export function imatrixArgs({ model, text, output, chunks, ...inference }: ImatrixArguments): string[] {
  const limit = chunks === 'all' ? [] : ['--chunks', String(chunks)];
  return ['-m', model, '-f', text, '-o', output, '--output-format', 'gguf', '-c', '512', ...limit, ...inferenceArgs(inference)];
}

const failures: Pattern[] = [
  [
    /you need at least (\d+) tokens .*?tokenizes to only (\d+)/s,
    (need = '', has = '') => `the calibration text has only ${has} tokens; it needs ${need} at least`,
  ],
  [
    /non-finite values detected in (\S+)/,
    (tensor = '') => `the model computes infinity or NaN (seen before ${tensor}): its weights or its type are broken`,
  ],
];

export function failure(stdout: string, stderr: string): string | undefined {
  return explain([...failures, ...commonFailures], stderr, stdout);
}
