import type { ResultRow, Results, Sample } from '../results/schema.ts';

/** Rows that give one answer. */
export interface SampleGroup {
  rows: string[];
  /** What the first of them says; the same for all but its time. */
  sample: Sample;
}

/** The answers to one prompt, each once, in the order of the rows. */
export function groupsOf(results: Results, prompt: string): SampleGroup[] {
  const groups: SampleGroup[] = [];
  for (const { name, samples = [] } of results.rows) {
    const sample = samples.find((one) => one.prompt === prompt);
    if (!sample) continue;
    const known = groups.find((group) => isSame(group.sample, sample));
    if (known) known.rows.push(name);
    else groups.push({ rows: [name], sample });
  }
  return groups;
}

function isSame(a: Sample, b: Sample): boolean {
  return a.text === b.text && a.tokens === b.tokens && a.ended === b.ended && JSON.stringify(a.marks) === JSON.stringify(b.marks);
}

/** How an answer goes, in words. */
export function answerInWords({ tokens, ended, marks, firstDifference }: Sample): string {
  const from = firstDifference
    ? [firstDifference.token === 0 ? 'other from the start' : `other after ${tokensInWords(firstDifference.token)}`]
    : [];
  return [...from, `${tokensInWords(tokens)}${ended ? '' : ', cut there'}`, ...marks].join(', ');
}

/** An answer with a mark where it leaves the base's. */
export function markedText({ text, firstDifference }: Sample): string {
  if (!firstDifference || firstDifference.character === 0) return text;
  return `${text.slice(0, firstDifference.character)}${differenceMark}${text.slice(firstDifference.character)}`;
}

/** A list without any answer is as good as none. */
export function hasAnswers({ samples = [] }: ResultRow): boolean {
  return samples.length > 0;
}

export const differenceMark = '▸';

/** Answers that are the base's to the last token, of those that are compared; null where none is. */
export function sameAnswers({ samples = [] }: ResultRow): { same: number; of: number; first: number | null } | null {
  const compared = samples.filter((sample) => sample.firstDifference !== undefined);
  if (compared.length === 0) return null;
  const parted = compared.flatMap(({ firstDifference }) => firstDifference?.token ?? []);
  return { same: compared.length - parted.length, of: compared.length, first: parted.length > 0 ? Math.min(...parted) : null };
}

export function tokensInWords(count: number): string {
  return `${count} token${count === 1 ? '' : 's'}`;
}
