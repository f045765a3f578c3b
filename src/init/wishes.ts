import { UserError } from '../errors.ts';
import { resolveQuants } from '../pipeline/quants.ts';
import type { Facts } from '../plan/facts.ts';
import type { Wishes } from './choice.ts';

/** Types and sets as a person writes them, apart by spaces or commas, as llama-quantize prints them. Throws UserError for one that it does not know. */
export function quantsIn(written: string, { types }: Pick<Facts['tools'], 'types'>): string[] {
  const found = wordsIn(written).flatMap((word) => typesOf(word, types));
  if (found.length === 0) throw new UserError('name at least one type');
  return [...new Set(found)];
}

function typesOf(word: string, types: Facts['tools']['types']): string[] {
  const entry = { type: word, name: null, tensors: {}, pure: false, leaveOutput: false, overrideKv: [], imatrix: true, at: '' };
  const { quants, problems } = resolveQuants([entry], types, { moe: false, needImatrix: [], hasImatrix: true });
  const [first] = problems;
  if (first) throw new UserError([first.message, first.fix].filter(Boolean).join('; '));
  return quants.map(({ name }) => name);
}

export function wordsIn(written: string): string[] {
  return written.split(/[\s,]+/).filter(Boolean);
}

/** Throws UserError. */
export function chunksIn(written: string): NonNullable<Wishes['chunks']> {
  if (written === 'all') return written;
  const count = Number(written);
  if (!Number.isInteger(count) || count < 2) throw new UserError('chunks are a whole number of at least 2, or all');
  return count;
}

/** Throws UserError. */
export function yesOrNo(written: string): boolean {
  if (/^y(es)?$/i.test(written)) return true;
  if (/^no?$/i.test(written)) return false;
  throw new UserError('answer y or n');
}
