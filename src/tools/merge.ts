import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import type { Progress } from './tool.ts';

const mergeScript = join(packageRoot, 'vendor', 'llama.cpp', 'merge-adapter.py');
const probeScript = join(packageRoot, 'vendor', 'llama.cpp', 'probe-tokenizer.py');

/** Our own, run by the converter's Python: what they do is part of the key. */
export const mergeScripts = [mergeScript, probeScript];

/** Arguments after the interpreter. The folders lie in the working folder, the outputs are written into it. */
export function mergeArgs({ rows, threads }: { rows: number | null; threads: number }): string[] {
  const resize = rows === null ? [] : ['--rows', String(rows)];
  return [mergeScript, '--base', 'base', '--adapter', 'adapter', '--threads', String(threads), ...resize];
}

export function probeArgs(): string[] {
  return [probeScript, 'tokenizer'];
}

/** What a merge did to the weights. */
export interface Merged {
  /** In the merged file. */
  tensors: number;
  /** How far each changed tensor moved: the norm of the difference by the norm before; null for one that was not there. */
  changed: { tensor: string; by: number | null }[];
  /** The same for all weights together. */
  by: number;
  /** Of the merged embedding. */
  rows: number;
  /** Embedding and output were one tensor, and are two. */
  untied: boolean;
}

/** `merging: 42%`. */
export function mergeProgress(line: string): Progress | null {
  const match = /^merging: (\d+)%$/.exec(line);
  return match ? { done: Number(match[1]), total: 100, unit: '%' } : null;
}

/** The last line of stdout that is a JSON object. Throws RangeError without one. */
export function readAnswer<T>(stdout: string): T {
  const line = stdout.split('\n').findLast((one) => one.startsWith('{'));
  if (line === undefined) throw new RangeError('it printed no answer');
  return JSON.parse(line) as T;
}

/** The script's own sentence, else the last line of the traceback, which is the message. */
export function scriptFailure(_stdout: string, stderr: string): string | undefined {
  const own = [...stderr.matchAll(/^(?:merge-adapter|probe-tokenizer)\.py: (.+)$/gm)].at(-1)?.[1];
  return own ?? [...stderr.matchAll(/^(?:\w+\.)*(\w*(?:Error|Exception)(?:: .+)?)$/gm)].at(-1)?.[1];
}
