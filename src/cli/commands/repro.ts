import { UserError } from '../../errors.ts';
import { hasSizes } from '../../published/check-sizes.ts';
import type { PublishedTable } from '../../published/table.ts';
import { publishedTables, tableNamed } from '../../published/tables.ts';
import { tellDiagnostics } from '../mistakes.ts';
import { list } from './repro/list.ts';
import { compareTable, type RunTableArguments, runTable } from './repro/run.ts';
import { sizes } from './repro/sizes.ts';

export interface ReproArguments extends RunTableArguments {
  table: string[] | undefined;
  list: boolean;
  'sizes-only': boolean;
  with: string | undefined;
}

/** Published tables: named, checked without weights, or run again and compared. */
export async function repro(args: ReproArguments): Promise<number> {
  refuseTogether(args);
  const named = args.table ?? [];
  if (args.list) return list(named, args);
  if (named.length === 0 && args['sizes-only']) return await sizes(publishedTables().filter(hasSizes), args);
  if (named.length === 0) throw new UserError('name a table; qpipe repro --list shows which there are');
  const read = named.map(tableNamed);
  const mistakes = read.flatMap((one) => (one.ok ? [] : one.diagnostics));
  if (mistakes.length > 0) return tellDiagnostics(mistakes);
  const tables = read.flatMap((one): PublishedTable[] => (one.ok ? [one.table] : []));
  if (args['sizes-only']) return await sizes(tables, args);
  const [table, second] = tables;
  if (!table || second) throw new UserError('a run repeats one table: name one, or add --sizes-only');
  return args.with === undefined ? await runTable(table, args) : compareTable(table, { ...args, with: args.with });
}

/** What would have no meaning beside the other, rather than leaving it out silently. */
function refuseTogether(args: ReproArguments): void {
  const given = (names: (keyof ReproArguments)[]) => names.filter((name) => args[name] !== undefined && args[name] !== false);
  const [first, second] = given(['list', 'sizes-only', 'with']);
  if (first && second) throw new UserError(`--${first} and --${second} are two things to do: leave one of them out`);
  const [idle] = first ? given(['model', 'write', 'dry-run', 'trust', ...(first === 'with' ? [] : (['rows'] as const))]) : [];
  if (first && idle) throw new UserError(`--${idle} is for a run, and --${first} runs nothing: leave one of them out`);
}
