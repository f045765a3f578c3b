import { textProblems } from '../compare/conditions.ts';
import { heldOutOf } from '../compare/held-out.ts';
import type { GateVerdict, ResultRow, Results } from '../results/schema.ts';
import { brokenAnswers } from './broken-answers.ts';
import { changeOf } from './excess.ts';
import { outcomeOf } from './finding.ts';
import { usualLimits } from './limits-by-width.ts';
import { type Measured, measuredOf, type Range, rangeOf } from './measured.ts';
import type { Around } from './references.ts';

/** What nobody has to ask for: files that are broken, told from what was measured anyway. Nothing is said of what was not. */
export function builtInVerdicts(results: Results, { lastGood, again }: Pick<Around, 'lastGood' | 'again'>): GateVerdict[] {
  const measured = lastGood && again.get(lastGood.run.id);
  const good = [lastGood, measured && 'results' in measured ? measured.results : null].filter((one) => one !== null);
  return results.rows.flatMap((row) =>
    row.kind === 'compare' ? [] : [...besideBase(row), ...besideLastGood(row, results, good), ...brokenAnswers(row, results, lastGood)],
  );
}

/** A file that predicts its text far worse than what it was made from. */
function besideBase({ name, kind, type, quality }: ResultRow): GateVerdict[] {
  if (kind !== 'quant' || !quality) return [];
  const { brokenRatio: limit } = usualLimits(type);
  const { value, low = value, high = value } = quality.pplRatio;
  return [
    {
      metric: 'ppl_ratio',
      quant: name,
      level: 'fail',
      outcome: outcomeOf({ value: value - limit, low: low - limit, high: high - limit }),
      evidence: `PPL ${value.toFixed(2)} times the base's; from ${limit} times on, a file of its width is broken`,
      value,
      limit,
      unit: 'ratio',
      builtIn: true,
    },
  ];
}

/** Perplexity between two good builds moves by percents. */
const suspicious = 2;
const broken = 10;

const ppl = { name: 'ppl', text: null, depth: null } as const;

/**
 * Also over another tokenizer: that makes a perplexity another one, but not ten times.
 * @param good the last good build, and that one measured again, where it was
 */
function besideLastGood(row: ResultRow, results: Results, good: Results[]): GateVerdict[] {
  const [lastGood] = good;
  const [pair] = good.flatMap((one) => {
    const earlier = one.rows.find(({ name, kind }) => name === row.name && kind === row.kind);
    return (earlier && pairOf({ row: earlier, results: one }, { row, results })) ?? [];
  });
  if (!pair || !lastGood) return [];
  const { before, after, ratio } = pair;
  return [
    {
      metric: 'ppl',
      quant: row.name,
      level: 'fail',
      outcome: ratio.low > broken ? 'fail' : ratio.low > suspicious ? 'warn' : 'pass',
      evidence: `PPL ${ratio.value.toFixed(2)} times that of the last good build (${lastGood.run.id}); from ${broken} times on it is broken, from ${suspicious} on worth a look`,
      value: after,
      limit: broken * before,
      unit: 'PPL',
      vs: { run: lastGood.run.id },
      builtIn: true,
    },
  ];
}

interface Side {
  row: ResultRow;
  results: Results;
}

/** Perplexities of one text, and the second by the first: by blocks where they pair, else by what both intervals leave open. */
function pairOf(a: Side, b: Side): { before: number; after: number; ratio: Range } | null {
  const [on, other] = [a.results.conditions.evaluation, b.results.conditions.evaluation];
  const [first, second] = [a, b].map(({ row, results }) => measuredOf(ppl, row, results));
  if (!on || !other || textProblems(on, other).length > 0 || !first || !second) return null;
  const sameTokens = heldOutOf(a)?.tokenizer === heldOutOf(b)?.tokenizer;
  const paired = sameTokens ? changeOf(ppl, first, second, { most: broken - 1, relative: true }, 0.95) : null;
  const [before, after] = [rangeOrPoint(first), rangeOrPoint(second)];
  const ratio = paired
    ? { value: 1 + paired.value, low: 1 + paired.low, high: 1 + paired.high }
    : { value: after.value / before.value, low: after.low / before.high, high: after.high / before.low };
  return { before: before.value, after: after.value, ratio };
}

/** Ten times as much is told without an interval, too. */
function rangeOrPoint(one: Measured): Range {
  const { value } = one.interval;
  return rangeOf(one, ppl, 0.95) ?? { value, low: value, high: value };
}
