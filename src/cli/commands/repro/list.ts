import { UserError } from '../../../errors.ts';
import { isAbout, summaryOf } from '../../../published/summary.ts';
import { publishedTables } from '../../../published/tables.ts';
import { terminalWidth } from '../../terminal-width.ts';
import { listInWords } from '../../views/repro-list-words.ts';
import type { ReproFormat } from '../../views/repro-table.ts';

/** The tables that ship with qpipe. @param words all of which a table has to be about */
export function list(words: string[], { format, json }: { format: ReproFormat; json: boolean }): number {
  const tables = publishedTables()
    .map(summaryOf)
    .filter((summary) => isAbout(summary, words));
  if (tables.length === 0) throw new UserError(`no published table is about ${words.join(' ')}; qpipe repro --list names them all`);
  process.stdout.write(json ? `${JSON.stringify(tables, null, 2)}\n` : listInWords(tables, format, terminalWidth().width));
  return 0;
}
