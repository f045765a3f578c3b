import { compare } from '../../compare/compare.ts';
import { tablesOf } from '../../compare/tables.ts';
import { countsOf, notesOf } from '../../compare/words.ts';
import { UserError } from '../../errors.ts';
import { type Differences, htmlComparison, type Run } from '../../report/html/comparison.ts';

/** Two runs in one page. Where nothing may be compared the page says why, and shows both all the same. */
export function comparisonPage(a: Run, b: Run): string {
  return htmlComparison(a, b, differencesOf(a, b));
}

function differencesOf(a: Run, b: Run): Differences {
  try {
    const comparison = compare({ ...a, row: null }, { ...b, row: null });
    return { counts: countsOf(comparison), tables: tablesOf(comparison), notes: notesOf(comparison) };
  } catch (refused) {
    if (!(refused instanceof UserError)) throw refused;
    return { counts: [], tables: [], notes: [refused.message] };
  }
}
