import type { Comparison, MeasureComparison, Refusal, RowComparison } from './comparison.ts';

/** `Q5_K_M against Q4_K_M (run 20260101T000000Z-1)` */
export function titleOf({ a, b, rows }: Comparison): string {
  const [only] = rows;
  const pair = only && rows.length === 1 && only.a !== only.b;
  if (pair && a.run === b.run) return `${only.b} against ${only.a} (${a.pipeline}, run ${a.run})`;
  const side = ({ name, run }: Comparison['a']) => (name === run ? name : `${name} (run ${run})`);
  return `${side(b)} against ${side(a)}${only && rows.length === 1 && !pair ? `: ${only.a}` : ''}`;
}

/** Verdicts of many rows: a sentence for each measure that says something, and one for the others. */
export function countsOf({ rows }: Comparison): string[] {
  if (rows.length < 2) return [];
  const all = rows.flatMap(({ measures }) => measures);
  const counted = [...new Set(all.map(({ measure }) => measure))].map((measure) => {
    const own = all.filter((one) => one.measure === measure);
    const count = (verdict: MeasureComparison['verdict']) => own.filter((one) => one.verdict === verdict).length;
    return { measure, rows: own.length, better: count('better'), worse: count('worse'), tied: count('tied') };
  });
  const tied = counted.filter((one) => one.tied === one.rows).map(({ measure }) => measure);
  const telling = counted.filter(({ measure }) => !tied.includes(measure));
  return [
    ...telling.map((one) => `${one.measure}: better in ${one.better}, worse in ${one.worse}, tied in ${one.tied} of ${one.rows} rows.`),
    ...(tied.length > 0 ? [`Tied in every row: ${tied.join('; ')}.`] : []),
  ];
}

/** What is not compared, and what the rest means. */
export function notesOf(comparison: Comparison): string[] {
  const { a, b, rows, refused, onlyInA, onlyInB } = comparison;
  const parts = new Set(rows.flatMap(({ measures }) => measures.map(({ part }) => part)));
  return [
    ...refused.map((one) => notCompared(one)),
    ...ofSomeRows(rows),
    ...(onlyInA.length > 0 ? [`Only in ${a.name}: ${onlyInA.join(', ')}.`] : []),
    ...(onlyInB.length > 0 ? [`Only in ${b.name}: ${onlyInB.join(', ')}.`] : []),
    ...(parts.has('quality') || parts.has('slices') ? [quality(rows.length)] : []),
    ...(parts.has('held-out PPL') ? [heldOut(comparison)] : []),
    ...(parts.has('choices') ? ['Answers: of the same questions, those that changed; McNemar’s exact test.'] : []),
    ...(parts.has('speed') ? [speed] : []),
  ];
}

/** What is refused for one reason in several rows, once, with their names. */
function ofSomeRows(rows: RowComparison[]): string[] {
  const all = rows.flatMap((row) => row.refused.map((one) => ({ ...one, of: row.a === row.b ? row.a : `${row.a} and ${row.b}` })));
  const refusals = new Map(all.map((one) => [`${one.part}: ${one.reason}`, one]));
  return [...refusals.values()].map(({ part, reason }) => {
    const group = all.filter((one) => one.part === part && one.reason === reason);
    return notCompared({ part, reason }, group.map(({ of }) => of).join(', '));
  });
}

function notCompared({ part, reason }: Refusal, of?: string): string {
  return `Not compared: ${part}${of === undefined ? '' : ` of ${of}`}: ${reason}.`;
}

function quality(rows: number): string {
  const many = rows > 1 ? ', with Holm’s correction for so many rows' : '';
  return `Quality: differences over the same blocks of text, with 95 % intervals; tied means that they may be chance${many}.`;
}

function heldOut({ rows }: Comparison): string {
  const because = rows.flatMap(({ measures }) => measures).find(({ part }) => part === 'held-out PPL')?.because;
  return `Held-out perplexity, over the same blocks, says ${because}.`;
}

const speed =
  'Speed: the ratio of the medians with a 95 % interval; better or worse only where a permutation test of the rounds finds a difference (p at most 0.05) and it is at least 5 %, on a GPU 3 %.';
