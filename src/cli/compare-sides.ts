import type { Side } from '../compare/comparison.ts';
import { UserError } from '../errors.ts';
import { harmlessAll } from '../harmless.ts';
import { namesResults, readResults } from '../results/read.ts';

/** The two sides that a command line names: RUN RUN, RUN:ROW RUN:ROW, or RUN ROW ROW. */
export function sidesOf(a: string, b: string, second: string | undefined, out: string): [Side, Side] {
  if (second !== undefined) return rowsOfOne(a, b, second, out);
  const first = sideOf(a, out);
  if (!isSide(b, out) && first.results.rows.some(({ name }) => name === b)) throw new UserError(lonelyRow(first, b));
  return [first, sideOf(b, out)];
}

function lonelyRow({ name, row, results }: Side, lonely: string): string {
  const other = row ?? results.rows.find((one) => one.kind !== 'base' && one.name !== lonely)?.name ?? results.rows[0]?.name;
  return `${lonely} is a row of ${name}, and needs another one beside it: qpipe compare ${name} ${lonely} ${other}`;
}

function rowsOfOne(run: string, first: string, second: string, out: string): [Side, Side] {
  const results = harmlessAll(readResults(out, run));
  return [
    { name: run, results, row: first },
    { name: run, results, row: second },
  ];
}

function isSide(word: string, out: string): boolean {
  return namesResults(out, word) || namesResults(out, divided(word).run);
}

function sideOf(word: string, out: string): Side {
  const { run, row } = divided(word);
  if (namesResults(out, word) || row === null || !namesResults(out, run))
    return { name: word, results: harmlessAll(readResults(out, word)), row: null };
  return { name: run, results: harmlessAll(readResults(out, run)), row };
}

/** `RUN:ROW`; no run and no row has a colon in its name, but a path may. */
function divided(word: string): { run: string; row: string | null } {
  const colon = word.lastIndexOf(':');
  return colon > 0 ? { run: word.slice(0, colon), row: word.slice(colon + 1) } : { run: word, row: null };
}
