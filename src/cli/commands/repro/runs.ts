import { UserError } from '../../../errors.ts';
import { hasSizes } from '../../../published/check-sizes.ts';
import type { PublishedRun } from '../../../published/schema.ts';
import type { PublishedTable } from '../../../published/table.ts';

/** The runs that a table needs: one per model. @param rows of which model; undefined for all. Throws UserError when there is none. */
export function runsOf(table: PublishedTable, rows: string | undefined): PublishedRun[] {
  const { id, runs, reproducible } = table;
  if (runs.length === 0) {
    const sizes = hasSizes(table) ? `\n\nqpipe repro ${id} --sizes-only checks what needs no run` : '';
    throw new UserError(`${id} cannot be run. ${reproducible.why}${sizes}`);
  }
  if (rows === undefined) return runs;
  const wanted = runs.filter((run) => run.rows?.toLowerCase() === rows.toLowerCase());
  if (wanted.length > 0) return wanted;
  const parts = partsOf(runs);
  throw new UserError(
    parts.length > 0 ? `${id} has no run of ${rows}; --rows takes ${parts.join(' or ')}` : `${id} is of one model: leave --rows out`,
  );
}

/** The same where only one will do. @param what needs it, as people know it */
export function runOf(table: PublishedTable, rows: string | undefined, what: string): PublishedRun {
  const [run, other] = runsOf(table, rows);
  if (run && !other) return run;
  throw new UserError(`${table.id} is of several models, and ${what} is of one: add --rows with ${partsOf(table.runs).join(' or ')}`);
}

function partsOf(runs: PublishedRun[]): string[] {
  return runs.flatMap(({ rows }) => (rows === undefined ? [] : [`"${rows}"`]));
}
