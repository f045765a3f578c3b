import type { Results } from '../../results/schema.ts';
import { conditionsLine } from '../conditions-line.ts';
import { gateTable } from '../gates.ts';
import { markup } from '../markup.ts';
import { copyButton, type Section, textTable } from './elements.ts';

/** What the gates said, the worst first; null without any. */
export function gatesSection(results: Results): Section | null {
  const table = gateTable(results);
  if (!table) return null;
  const { headline, lines } = table;
  const body = markup`<p>${headline}</p>${
    lines.length > 1 &&
    markup`${copyButton('gates-table', 'Copy the verdicts')}${textTable(lines, { id: 'gates-table', caption: 'Verdicts of the gates', conditions: conditionsLine(results) })}`
  }`;
  return { id: 'gates', title: 'Gates', short: 'Gates', body };
}
