import { comparePaired, type Metric, opposite } from '../results/compare.ts';
import type { Interval, Quality } from '../results/schema.ts';
import { type Compared, type MeasureComparison, type Measured, type Part, refusal, type Unit } from './comparison.ts';
import { differs, type Evaluation, evaluationProblems } from './conditions.ts';

interface Measure {
  measure: string;
  metric: Metric;
  unit: Unit;
  of(quality: Quality): Interval;
}

const measures: Measure[] = [
  { measure: 'KLD', metric: 'kld', unit: 'nats', of: (quality) => quality.kld },
  { measure: 'PPL ratio', metric: 'lnRatio', unit: 'ratio', of: (quality) => quality.pplRatio },
  { measure: 'same top p', metric: 'sameTopP', unit: 'percent', of: (quality) => quality.sameTopP },
];

/** Quality on the first text. */
export function compareQuality(a: Measured, b: Measured): Compared {
  const { quality: first } = a.row;
  const { quality: second } = b.row;
  if (!first || !second) return refusal('quality', [whyNone(a, b, 'quality')]);
  return compareOn(a, b, [first, second], [a.results.conditions.evaluation, b.results.conditions.evaluation], 'quality', '');
}

/** Quality on each of the further texts that both have. */
export function compareSlices(a: Measured, b: Measured): Compared {
  const names = Object.keys(a.row.slices ?? {}).filter((name) => b.row.slices?.[name]);
  const each = names.map((name) => {
    const [first, second] = [a.row.slices?.[name], b.row.slices?.[name]];
    const [on, other] = [a, b].map(({ results }) => results.conditions.slices?.find((slice) => slice.name === name));
    return first && second ? compareOn(a, b, [first, second], [on, other], 'slices', name) : { measures: [], refused: [] };
  });
  return { measures: each.flatMap((one) => one.measures), refused: each.flatMap((one) => one.refused) };
}

function compareOn(
  a: Measured,
  b: Measured,
  [first, second]: [Quality, Quality],
  on: [Evaluation | null | undefined, Evaluation | null | undefined],
  part: Part,
  slice: string,
): Compared {
  const problems = [...evaluationProblems(a.results, b.results, on), ...baseOfRows(first, second)];
  if (problems.length > 0) return refusal(part, slice === '' ? problems : [`${slice}: ${problems.join('; ')}`]);
  if (first.blocks.length === 0) return refusal(part, [`${first.chunks} chunks are too few for blocks: there is no error to judge by`]);
  const same = isSameFile(a, b);
  return { measures: measures.flatMap((measure) => compareMeasure(measure, first, second, same, part, slice)), refused: [] };
}

function baseOfRows(first: Quality, second: Quality): string[] {
  return [
    ...(first.pplBase === second.pplBase ? [] : [differs('Mean PPL(base)', first.pplBase, second.pplBase)]),
    ...(first.chunks === second.chunks ? [] : [differs('chunks', first.chunks, second.chunks)]),
  ];
}

function compareMeasure(
  { measure, metric, unit, of }: Measure,
  first: Quality,
  second: Quality,
  same: boolean,
  part: Part,
  slice: string,
): MeasureComparison[] {
  const paired = comparePaired(first, second, metric);
  if (!paired) return [];
  const about = { measure: slice === '' ? measure : `${measure}, ${slice}`, part, unit, a: of(first), b: of(second) };
  if (same) {
    const value = metric === 'lnRatio' ? 1 : 0;
    const change = { kind: kindOf(metric), value, low: value, high: value, n: paired.difference.n };
    return [{ ...about, change, verdict: 'tied', because: 'the same file' }];
  }
  const change = { kind: kindOf(metric), ...(metric === 'lnRatio' ? exponential(paired.difference) : paired.difference) };
  return [{ ...about, change, verdict: opposite(paired.verdict), probability: paired.probability }];
}

function kindOf(metric: Metric): 'ratio' | 'difference' {
  return metric === 'lnRatio' ? 'ratio' : 'difference';
}

/** A difference of logarithms as a ratio. */
export function exponential({ value, low, high, n }: Interval): Interval {
  return { value: Math.exp(value), ...(low === undefined || high === undefined ? {} : { low: Math.exp(low), high: Math.exp(high) }), n };
}

function isSameFile(a: Measured, b: Measured): boolean {
  return a.row.file !== undefined && a.row.file.sha256 === b.row.file?.sha256;
}

/** Why a part is absent, as the run says it of the side that lacks it. */
export function whyNone(a: Measured, b: Measured, part: 'quality' | 'speed' | 'load' | 'file'): string {
  const [lacking] = [a, b].filter(({ row }) => !(part === 'speed' ? row.generationSpeed : row[part]));
  return `${lacking?.row.name} has none: ${lacking?.row.notMeasured[part] ?? 'not measured'}`;
}
