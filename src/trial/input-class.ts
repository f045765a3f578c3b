import { basename } from 'node:path';
import type { FileFact } from '../plan/facts.ts';
import { isTokenizerFile } from '../plan/tokenizer-files.ts';

/** What two builds may differ by, each swapped as a whole. `weights`: the model and its adapter; `settings`: what the pipeline says. */
export type InputClass = 'weights' | 'tokenizer' | 'texts' | 'tools' | 'settings';

export const inputClasses: InputClass[] = ['weights', 'tokenizer', 'texts', 'tools', 'settings'];

const roles: Record<string, InputClass> = { text: 'texts', conversations: 'texts', questions: 'texts', imatrix: 'texts' };

/** Of a file from outside, by what a task reads it as. */
export function classOf(role: string, { name }: Pick<FileFact, 'name'>): InputClass {
  return roles[role] ?? (isTokenizerFile(basename(name)) ? 'tokenizer' : 'weights');
}
