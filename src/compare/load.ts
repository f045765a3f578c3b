import { verdictOf } from '../results/compare.ts';
import type { Interval, Load } from '../results/schema.ts';
import { type Compared, type MeasureComparison, type Measured, nothing, refusal } from './comparison.ts';
import { differs, loadProblems } from './conditions.ts';
import { whyNone } from './quality.ts';

/** Of load times, as of speeds. */
const leastEffect = 0.05;

/** Memory was measured once: what two runs of one file differ by. */
const leastShare = 0.01;
const leastBytes = 2 ** 20;

/** Load times and peak memory; nothing where neither side has them. */
export function compareLoad(a: Measured, b: Measured): Compared {
  const { load: first } = a.row;
  const { load: second } = b.row;
  if (!first && !second) return nothing;
  if (!first || !second) return refusal('load', [whyNone(a, b, 'load')]);
  const problems = [...loadProblems(a.results, b.results), ...settingProblems(first, second)];
  if (problems.length > 0) return refusal('load', problems);
  return {
    measures: [
      ...compareTimes('load, warm', first.warm, second.warm),
      ...compareTimes('load, cold', first.cold, second.cold),
      ...comparePeaks(first, second),
    ],
    refused: [],
  };
}

function settingProblems(a: Load, b: Load): string[] {
  return [
    ...(a.context === b.context ? [] : [differs('context', a.context, b.context)]),
    ...(a.kvType === b.kvType ? [] : [differs('type of the KV cache', a.kvType, b.kvType)]),
    ...(a.mmap === b.mmap ? [] : [differs('mmap', a.mmap, b.mmap)]),
  ];
}

/** Two intervals that do not touch. Stricter than a test would be: single measurements are not known here. */
function compareTimes(measure: string, a: Interval | undefined, b: Interval | undefined): MeasureComparison[] {
  if (!a || !b) return [];
  const value = b.value / a.value;
  const bounds = a.low && a.high && b.low && b.high ? { low: b.low / a.high, high: b.high / a.low } : {};
  const change = { kind: 'ratio' as const, value, ...bounds, n: Math.min(a.n, b.n) };
  const isSmall = Math.abs(value - 1) < leastEffect;
  const seen = bounds.low === undefined ? 'tied' : verdictOf({ value, low: bounds.low - 1, high: bounds.high - 1, n: change.n }, 'worse');
  const because =
    bounds.low === undefined ? 'too few measurements for an interval' : seen !== 'tied' && isSmall ? 'below the least effect of 5 %' : null;
  return [{ measure, part: 'load', unit: 'seconds', a, b, change, verdict: isSmall ? 'tied' : seen, ...(because ? { because } : {}) }];
}

function comparePeaks({ peak: a }: Load, { peak: b }: Load): MeasureComparison[] {
  if (!a || !b) return [];
  const [first, second] = [a, b].map(({ anonymous, file }) => anonymous + file) as [number, number];
  const value = second - first;
  const isSmall = Math.abs(value) < Math.max(leastBytes, leastShare * first);
  return [
    {
      measure: 'peak memory',
      part: 'load',
      unit: 'bytes',
      a: { value: first, n: 1 },
      b: { value: second, n: 1 },
      change: { kind: 'difference', value, n: 1 },
      verdict: isSmall ? 'tied' : value < 0 ? 'better' : 'worse',
      because: 'measured once each',
    },
  ];
}
