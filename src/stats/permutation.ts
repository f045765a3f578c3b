import { mean } from './moments.ts';
import { randomFrom } from './random.ts';

const shuffles = 2000;
const seed = 20_240_229;

/** Sums of the same numbers in another order differ in their last digits. */
const rounding = 1e-12;

/**
 * How likely the means of the logarithms of two samples differ at least as much when both come from the same source, two-sided: by
 * dealing the values out again, 2,000 times. Right for any distribution, and for samples as small as six.
 * @param paired a[i] and b[i] were measured side by side: each pair may only be swapped
 */
export function permutationTest(a: number[], b: number[], paired: boolean): number {
  const random = randomFrom(seed);
  const draw = paired ? swapping(a, b, random) : dealing(a, b, random);
  const seen = Math.abs(differenceOfLogs(a, b)) - rounding;
  let asLarge = 1;
  for (let i = 0; i < shuffles; i++) if (Math.abs(draw()) >= seen) asLarge++;
  return asLarge / (shuffles + 1);
}

function differenceOfLogs(a: number[], b: number[]): number {
  return mean(b.map(Math.log)) - mean(a.map(Math.log));
}

function swapping(a: number[], b: number[], random: () => number): () => number {
  const differences = a.map((value, i) => Math.log((b[i] ?? Number.NaN) / value));
  return () => mean(differences.map((difference) => (random() < 0.5 ? difference : -difference)));
}

function dealing(a: number[], b: number[], random: () => number): () => number {
  const all = [...a, ...b].map(Math.log);
  const total = all.reduce((sum, value) => sum + value, 0);
  return () => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) {
      const other = i + Math.floor(random() * (all.length - i));
      [all[i], all[other]] = [all[other] ?? Number.NaN, all[i] ?? Number.NaN];
      sum += all[i] ?? Number.NaN;
    }
    return (total - sum) / b.length - sum / a.length;
  };
}
