import type { Results } from '../../results/schema.ts';
import { worthHaving } from '../front.ts';
import { type Markup, markup } from '../markup.ts';

/** The first line: whether all that was asked for is there, and what came of it. */
export function verdict(results: Results): Markup {
  const { tone, word } = wordFor(results);
  return markup`<div class="verdict"><span class="badge ${tone}">${word}</span></div><p class="lead">${sentences(results).join(' ')}</p>`;
}

function wordFor(results: Results): { tone: string; word: string } {
  const { failures, rows } = results;
  if (failures.length > 0) return { tone: 'bad', word: `Failed in part: ${count(failures.length, 'task')}` };
  const ofGates = gateWord(results);
  if (ofGates?.tone === 'bad') return ofGates;
  const missing = rows.filter((row) => !row.quality && !row.perplexity);
  return missing.length > 0
    ? { tone: 'warn', word: `Incomplete: ${count(missing.length, 'row')} without quality` }
    : (ofGates ?? { tone: 'good', word: 'Complete' });
}

/** What the gates come to, where there are any. */
function gateWord({ gates = [] }: Results): { tone: string; word: string } | null {
  const number = (wanted: string) => gates.filter(({ outcome }) => outcome === wanted).length;
  if (gates.length === 0) return null;
  if (number('fail') > 0) return { tone: 'bad', word: `Failed: ${count(number('fail'), 'gate')}` };
  if (number('unjudged') > 0) return { tone: 'warn', word: `Not judged: ${count(number('unjudged'), 'gate')}` };
  return number('warn') > 0 ? { tone: 'warn', word: `Passed with ${count(number('warn'), 'warning')}` } : { tone: 'good', word: 'Passed' };
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
    ...(noisy > 0 ? [`The speed of ${count(noisy, 'file')} is noisy: rounds spread by more than 5 %. ${seenMeanwhile(results)}`] : []),
  ];
}

/** What the machine told while speeds were measured; what of it was the cause, it does not tell. */
function seenMeanwhile({ conditions: { machine, state } }: Results): string {
  if (!state) return 'How the machine was meanwhile was not looked at.';
  const { othersBusy, temperature, power } = state;
  const others =
    othersBusy === null
      ? 'who else was busy the system does not tell'
      : `other programs kept at most ${othersBusy.toFixed(1)} of ${count(machine.cores, 'core')} busy`;
  const heat = temperature === null ? [] : [`the processor was at up to ${temperature.highest.toFixed(0)} °C`];
  return `Seen meanwhile: ${[others, ...heat, ...(power === 'battery' ? ['it ran on battery'] : [])].join(', ')}.`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
