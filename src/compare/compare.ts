import { UserError } from '../errors.ts';
import type { ResultRow, Results } from '../results/schema.ts';
import { compareChoices } from './choices.ts';
import type { Compared, Comparison, Measured, Refusal, RowComparison, Side, SideInShort } from './comparison.ts';
import { correctForMany } from './correct.ts';
import { compareHeldOut } from './held-out.ts';
import { compareLoad } from './load.ts';
import { compareQuality, compareSlices } from './quality.ts';
import { compareSize } from './size.ts';
import { compareSpeed } from './speed.ts';

/**
 * The second side against the first: two rows, or all rows of one name in two runs. What differs in its conditions is refused with
 * the reason, what is left is compared. Throws a UserError where nothing is left.
 */
export function compare(a: Side, b: Side): Comparison {
  const pairs = pairsOf(a, b);
  const compared = correctForMany(
    pairs.map(([first, second]) => compareRows({ row: first, results: a.results }, { row: second, results: b.results })),
  );
  if (compared.every(({ measures }) => measures.length === 0)) {
    const reasons = compared[0]?.refused.map(({ part, reason }) => `${part}: ${reason}`) ?? [];
    throw new UserError(`${a.name} and ${b.name} cannot be compared: ${reasons.join('. ')}`);
  }
  const common = commonRefusals(compared);
  return {
    a: inShort(a),
    b: inShort(b),
    rows: compared.map((row) => ({ ...row, refused: row.refused.filter((one) => !common.some((other) => isSame(one, other))) })),
    refused: common,
    ...lonely(a, b),
  };
}

function pairsOf(a: Side, b: Side): [ResultRow, ResultRow][] {
  if (a.row !== null || b.row !== null) return [[rowOf(a, a.row ?? b.row ?? ''), rowOf(b, b.row ?? a.row ?? '')]];
  const both = a.results.rows.flatMap((row): [ResultRow, ResultRow][] => {
    const other = b.results.rows.find(({ name }) => name === row.name);
    return other ? [[row, other]] : [];
  });
  if (both.length > 0) return both;
  throw new UserError(
    `${a.name} and ${b.name} have no row of one name: say which to compare, such as ${a.name}:${a.results.rows[0]?.name} ${b.name}:${b.results.rows[0]?.name}`,
  );
}

function rowOf({ name, results }: Side, row: string): ResultRow {
  const found = results.rows.find((one) => one.name === row);
  if (!found) throw new UserError(`${name} has no row ${row}; it has ${results.rows.map((one) => one.name).join(', ')}`);
  return found;
}

function compareRows(a: Measured, b: Measured): RowComparison {
  const parts = [compareSize(a, b), ...qualities(a, b), compareChoices(a, b), compareSpeed(a, b), compareLoad(a, b)];
  return {
    a: a.row.name,
    b: b.row.name,
    measures: parts.flatMap(({ measures }) => measures),
    refused: parts.flatMap(({ refused }) => refused),
  };
}

/** Where there is no common base to be close to, there may still be a common text to predict. */
function qualities(a: Measured, b: Measured): Compared[] {
  // A base against itself is the floor of the method, and no quality of it.
  if (a.row.kind === 'base' && b.row.kind === 'base' && a.row.file?.sha256 === b.row.file?.sha256) return [];
  const quality = compareQuality(a, b);
  const slices = compareSlices(a, b);
  if (quality.measures.length + slices.measures.length > 0) return [quality, slices];
  const heldOut = compareHeldOut(a, b);
  return heldOut.measures.length > 0 || saysMore(heldOut, quality) ? [quality, heldOut] : [quality];
}

/** Whether it is another thing that keeps perplexities from being compared than what keeps qualities from it. */
function saysMore({ refused }: Compared, quality: Compared): boolean {
  return refused.some(({ reason }) => !quality.refused.some((other) => reason.split('; ').some((part) => other.reason.includes(part))));
}

/** A part that no row has, everywhere for one reason: said once. */
function commonRefusals(rows: RowComparison[]): Refusal[] {
  const all = rows.flatMap(({ refused }) => refused);
  const parts = [...new Set(all.map(({ part }) => part))].filter(
    (part) => !rows.some((row) => row.measures.some((one) => one.part === part)),
  );
  return parts.flatMap((part) => {
    const [first, ...others] = all.filter((one) => one.part === part);
    return first && others.every((other) => isSame(first, other)) ? [first] : [];
  });
}

function isSame(a: Refusal, b: Refusal): boolean {
  return a.part === b.part && a.reason === b.reason;
}

function inShort({ name, results, row }: Side): SideInShort {
  return { name, run: results.run.id, pipeline: results.pipeline, model: results.model, row };
}

function lonely(a: Side, b: Side): Pick<Comparison, 'onlyInA' | 'onlyInB'> {
  if (a.row !== null || b.row !== null) return { onlyInA: [], onlyInB: [] };
  const missing = (from: Results, to: Results) =>
    from.rows.map(({ name }) => name).filter((name) => !to.rows.some((row) => row.name === name));
  return { onlyInA: missing(a.results, b.results), onlyInB: missing(b.results, a.results) };
}
