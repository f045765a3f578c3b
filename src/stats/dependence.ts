import { mean } from './moments.ts';

export interface Dependence {
  /** Lag-1 correlation of neighbouring chunks; null where the rounding of the print hides it. */
  correlation: number | null;
  /** How many independent blocks the blocks are worth: their number where chunks do not resemble each other. */
  effective: number;
}

/** Fewer effective blocks than these are not told apart: the interval would be as wide as one likes. */
const fewestEffective = 3;

/** Beyond this share of the scatter the rounding of the print is what one would measure. */
const mostRounding = 0.5;

/**
 * How much neighbouring chunks resemble each other, and what blocks of them are worth then. The variance of a mean is a sum of
 * autocovariances; they are summed up to the first that is not positive, and the variance of a block's mean by that of all
 * chunks' mean is how many independent blocks there are. No form of the correlation is assumed: long documents make it fall
 * slowly, and a first-order model would miss that.
 * @param chunks values recovered from running means, see chunkValues
 * @param blocks into which the chunks are cut
 * @param rounding standard deviation of a printed running mean's rounding; 0 where it was undone
 */
export function dependenceOf(chunks: number[], blocks: number, rounding: number): Dependence {
  for (let length = 1; length * blocks <= chunks.length; length *= 2) {
    const seen = withoutRounding(groups(chunks, length), rounding);
    if (seen) {
      const covariances = unbiased(seen, chunks.length / length);
      const correlation = length === 1 ? (covariances[1] ?? 0) / (covariances[0] ?? 1) : null;
      return { correlation, effective: effectiveBlocks(covariances, chunks.length / length, blocks) };
    }
  }
  return { correlation: null, effective: blocks };
}

/** Means of a few chunks in a row, in which less of the rounding is left. */
function groups(chunks: number[], length: number): number[] {
  const count = Math.floor(chunks.length / length);
  return Array.from({ length: count }, (_, i) => mean(chunks.slice(i * length, (i + 1) * length)));
}

/**
 * Autocovariances of the values themselves; null where most of the scatter is rounding. Value i is i m[i] - (i - 1) m[i - 1]:
 * the error of each printed mean is in two neighbours with opposite signs, and makes them look as if they repelled each other.
 */
function withoutRounding(values: number[], rounding: number): number[] | null {
  const covariances = autocovariances(values);
  const squares = values.map((_, i) => ((i + 1) * rounding) ** 2 / values.length);
  const all = squares.reduce((sum, square) => sum + square, 0);
  const shared = all - (squares.at(-1) ?? 0);
  const [own = 0, neighbours = 0] = covariances;
  if (own === 0 || all + shared > mostRounding * own) return null;
  return [own - all - shared, neighbours + shared, ...covariances.slice(2)];
}

/** Lags up to a third of the values: beyond, too few pairs are left. */
function autocovariances(values: number[]): number[] {
  const center = mean(values);
  const apart = values.map((value) => value - center);
  return Array.from({ length: Math.floor(values.length / 3) + 1 }, (_, lag) =>
    apart.reduce((sum, value, i) => sum + (i < lag ? 0 : value * (apart[i - lag] ?? 0)) / values.length, 0),
  );
}

/** Around their own mean, values seem less alike than they are: by the variance of that mean, which follows from them in turn. */
function unbiased(covariances: number[], count: number): number[] {
  const own = covariances[0] ?? 0;
  let missing = 0;
  for (let i = 0; i < 6; i++) {
    const added = covariances.map((covariance) => covariance + missing);
    missing = Math.min(varianceOfMean(added, count), own / 2);
  }
  return covariances.map((covariance) => covariance + missing);
}

function effectiveBlocks(covariances: number[], values: number, blocks: number): number {
  const worth = varianceOfMean(covariances, values / blocks) / varianceOfMean(covariances, values);
  return Math.min(blocks, Math.max(fewestEffective, worth));
}

/** Of `count` values in a row; the sum ends before the first covariance that is not positive. */
function varianceOfMean(covariances: number[], count: number): number {
  const end = covariances.findIndex((covariance, lag) => lag > 0 && covariance <= 0);
  const summed = covariances.slice(1, end < 0 ? undefined : end);
  const between = summed.reduce((sum, covariance, i) => sum + 2 * Math.max(0, count - i - 1) * covariance, 0);
  return (count * (covariances[0] ?? 0) + between) / count ** 2;
}
