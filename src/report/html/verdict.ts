import type { Results } from '../../results/schema.ts';
import { worthHaving } from '../front.ts';
import { type Markup, markup } from '../markup.ts';

/** The first line: whether all that was asked for is there, and what came of it. */
export function verdict(results: Results): Markup {
  const { tone, word } = wordFor(results);
  return markup`<div class="verdict"><span class="badge ${tone}">${word}</span></div><p class="lead">${sentences(results).join(' ')}</p>`;
}

function wordFor({ failures, rows }: Results): { tone: string; word: string } {
  if (failures.length > 0) return { tone: 'bad', word: `Failed in part: ${count(failures.length, 'task')}` };
  const missing = rows.filter((row) => !row.quality && !row.perplexity);
  return missing.length > 0
    ? { tone: 'warn', word: `Incomplete: ${count(missing.length, 'row')} without quality` }
    : { tone: 'good', word: 'Complete' };
}

function sentences(results: Results): string[] {
  const rows = results.rows.filter(({ kind }) => kind !== 'base');
  const measured = rows.filter(({ quality }) => quality);
  const worth = worthHaving(results);
  const ties = results.neighbours.filter(({ verdict: found }) => found === 'tied').length;
  const noisy = rows.filter(({ generationSpeed }) => generationSpeed?.noisy).length;
  return [
    `${measured.length === rows.length ? '' : `${measured.length} of `}${count(rows.length, 'file')} of ${results.model} ${rows.length === 1 ? 'was' : 'were'} measured against ${results.conditions.base}.`,
    ...(worth.length > 0
      ? [
          `${worth.length === 1 ? 'One is' : `${worth.length} are`} not beaten at ${worth.length === 1 ? 'its' : 'their'} size; ${measured.length - worth.length} are beaten by another file that is not larger.`,
        ]
      : []),
    ...(ties > 0 ? [`${count(ties, 'neighbour')} cannot be told apart.`] : []),
    ...(noisy > 0 ? [`The speed of ${noisy} is noisy: something else kept the machine busy.`] : []),
  ];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
