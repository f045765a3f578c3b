import type { Published, Step } from '../../publish/outcome.ts';
import { decimalSize } from '../../report/format.ts';

/** What came of publishing to one destination, in a few lines. */
export function publishedInWords({ place, run, state, steps, notes, address, commit, card }: Published): string {
  const sent = steps.filter(({ what }) => what === 'send');
  const size = decimalSize(sent.reduce((total, step) => total + step.size, 0));
  const told = {
    published: `${place}: published run ${run}, ${count(sent.length, 'file')}, ${size}`,
    unchanged: `${place}: all of run ${run} is there already; nothing was sent`,
    skipped: `${place}: nothing was done`,
    back: `${place}: went back to run ${run}`,
    planned:
      card === undefined
        ? `${place}: would go back to run ${run}`
        : `${place}: would publish run ${run}, ${count(sent.length, 'file')}, ${size}`,
  }[state];
  const at = state === 'published' || state === 'back' ? [`  ${address}${commit === undefined ? '' : ` at ${commit.slice(0, 12)}`}`] : [];
  return [told, ...at, ...notes.map((note) => `  note: ${note}`), ''].join('\n');
}

/** Every operation of a dry run, then the card. */
export function plannedInWords(planned: Published): string {
  const { steps, card } = planned;
  const lines = steps.map((step) => `  ${stepInWords(step)}`);
  const end = card === undefined ? [] : ['', `The card (README.md) of ${planned.place}:`, '', card.trimEnd()];
  return [publishedInWords(planned).trimEnd(), ...(lines.length === 0 ? ['  nothing is to be done'] : lines), ...end, ''].join('\n');
}

function stepInWords({ what, path, size, commit }: Step): string {
  const word = { send: 'send', there: 'skip', remove: 'remove', restore: 'restore', change: 'set' }[what];
  const of = commit === undefined ? '' : `, commit ${commit}`;
  const bytes = what === 'change' || what === 'remove' ? '' : `  ${decimalSize(size)}`;
  const why = what === 'there' ? ', is there already' : what === 'restore' ? ', nothing is sent' : '';
  return `${word.padEnd(8)}${path}${bytes}${why}${of}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
