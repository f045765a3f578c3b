import type { Diagnostic } from './diagnostic.ts';
import { type Origin, originOf } from './tree.ts';

/** A mistake at a part of the pipeline; it becomes a diagnostic once the part's place is looked up. */
export interface Problem {
  /** JSON pointer. */
  at: string;
  message: string;
  fix?: string;
  /** The part that was probably meant: complaints that it is missing are about the same mistake. */
  meant?: string;
  /** The key is wrong, not its value. */
  aboutKey?: boolean;
  /** Another part that has to do with it. */
  related?: { at: string; message: string }[];
}

/** Adds what later checks found, without what only follows from a mistake that is known already. */
export function withMore(known: Problem[], more: Problem[]): Problem[] {
  return [...known, ...more.filter((problem) => !known.some((other) => touch(problem.at, other.at) || touch(problem.at, other.meant)))];
}

/** Without complaints about a whole when one of its parts is wrong, and about a missing key that is only misspelled. */
export function withoutConsequences(problems: Problem[]): Problem[] {
  return problems.filter(({ at }) => !problems.some((other) => other.at.startsWith(`${at}/`) || other.meant === at));
}

export function toDiagnostic(problem: Problem, origins: Map<string, Origin>): Diagnostic {
  const { at, message, fix, aboutKey = false, related } = problem;
  const place = (pointer: string, key: boolean) => originOf(origins, pointer)?.[key && origins.has(pointer) ? 'key' : 'value'] ?? null;
  return {
    severity: 'error',
    message,
    ...(fix === undefined ? {} : { fix }),
    place: place(at, aboutKey),
    ...(related ? { related: related.map((other) => ({ message: other.message, place: place(other.at, false) })) } : {}),
  };
}

function touch(a: string, b: string | undefined): boolean {
  if (b === undefined) return false;
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}
