import type { Results, Speed } from '../results/schema.ts';
import { medianRatioInterval } from '../stats/bootstrap.ts';
import { permutationTest } from '../stats/permutation.ts';
import { type Compared, type MeasureComparison, type Measured, refusal, significance } from './comparison.ts';
import { speedProblems } from './conditions.ts';
import { whyNone } from './quality.ts';

/** Changes below these are the machine's, however sure they are: the next day has others. */
const leastEffect = { cpu: 0.05, gpu: 0.03 };

/** pp and tg, and both at every depth that both sides have. */
export function compareSpeed(a: Measured, b: Measured): Compared {
  if (!a.row.generationSpeed || !b.row.generationSpeed) return refusal('speed', [whyNone(a, b, 'speed')]);
  const problems = speedProblems(a.results, b.results);
  if (problems.length > 0) return refusal('speed', problems);
  const measures = pairs(a, b).flatMap(([measure, first, second]) => {
    const compared = compareSpeeds(measure, first, second, areSideBySide(a, b, first, second), least(a.results));
    return compared ? [compared] : [];
  });
  return measures.length > 0 ? { measures, refused: [] } : refusal('speed', ['fewer than 6 rounds: a median of them has no interval']);
}

function pairs(a: Measured, b: Measured): [string, Speed, Speed][] {
  const { row: first } = a;
  const { row: second } = b;
  const both: [string, Speed | undefined, Speed | undefined][] = [
    ['pp', first.promptSpeed, second.promptSpeed],
    ['tg', first.generationSpeed, second.generationSpeed],
  ];
  for (const { depth, promptSpeed, generationSpeed } of first.depths ?? []) {
    const other = second.depths?.find((one) => one.depth === depth);
    both.push([`pp at ${depth}`, promptSpeed, other?.promptSpeed], [`tg at ${depth}`, generationSpeed, other?.generationSpeed]);
  }
  return both.flatMap(([name, one, other]) => (one && other ? [[name, one, other]] : []));
}

/** Rounds of one run took turns: what slowed the machine down slowed both. */
function areSideBySide(a: Measured, b: Measured, first: Speed, second: Speed): boolean {
  const together = first.from <= second.to && second.from <= first.to;
  return a.results.run.id === b.results.run.id && together && first.samples.length === second.samples.length;
}

function least({ conditions }: Results): number {
  return (conditions.gpuLayers ?? 0) > 0 ? leastEffect.gpu : leastEffect.cpu;
}

/** Null with too few rounds. */
function compareSpeeds(measure: string, a: Speed, b: Speed, paired: boolean, least: number): MeasureComparison | null {
  const found = medianRatioInterval(a.samples, b.samples, paired);
  if (!found) return null;
  const { ratio, low, high } = found;
  const probability = permutationTest(a.samples, b.samples, paired);
  const isLarge = Math.abs(ratio - 1) >= least;
  const verdict = probability > significance || !isLarge ? 'tied' : ratio > 1 ? 'better' : 'worse';
  const tooSmall = probability <= significance && !isLarge ? `below the least effect of ${100 * least} %` : '';
  const noisy = a.noisy || b.noisy ? 'noisy' : '';
  const because = [tooSmall, noisy].filter(Boolean).join(', ');
  const n = Math.min(a.samples.length, b.samples.length);
  return {
    measure,
    part: 'speed',
    unit: 'tokens/s',
    a: plain(a),
    b: plain(b),
    change: { kind: 'ratio', value: ratio, low, high, n },
    verdict,
    probability,
    ...(because === '' ? {} : { because }),
  };
}

function plain({ value, low, high, n }: Speed): MeasureComparison['a'] {
  return { value, ...(low === undefined || high === undefined ? {} : { low, high }), n };
}
