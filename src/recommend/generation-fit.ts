import type { ModelShape } from '../memory/shape.ts';
import { median } from '../stats/moments.ts';
import type { Candidate } from './candidate.ts';

/** Seconds per token = fixed + bytes read / bandwidth, on the machine that was measured on. */
export interface GenerationFit {
  fixed: number;
  bytesPerSecond: number;
  /** Root mean square of what it misses, by the time measured. */
  relativeError: number;
  /** Files that it was fitted on: none of the IQ family. */
  files: number;
  /** So many times longer do files of the IQ family take, whose kernels compute more; null where none was measured. */
  iqTimes: number | null;
}

const fewestFiles = 3;

/** By least squares over the measured files. Null where they are too few, or where time does not grow with size: nothing to carry elsewhere then. */
export function fitGeneration(candidates: Candidate[], shape: ModelShape): GenerationFit | null {
  const pointsOf = (some: Candidate[]) =>
    some.flatMap(({ speed, tensorBytes }) =>
      speed ? [{ bytes: bytesPerToken(tensorBytes, shape), seconds: 1 / speed.generation.value }] : [],
    );
  const points = pointsOf(candidates.filter((candidate) => !isOfIqFamily(candidate)));
  if (points.length < fewestFiles) return null;
  // Relative errors count: a slow file shall not decide alone.
  const weights = points.map(({ seconds }) => 1 / seconds ** 2);
  const total = sum(weights);
  const mean = (of: (point: (typeof points)[number]) => number) => sum(points.map((point, i) => (weights[i] ?? 0) * of(point))) / total;
  const [bytes, seconds] = [mean((point) => point.bytes), mean((point) => point.seconds)];
  const slope = mean((point) => (point.bytes - bytes) * (point.seconds - seconds)) / mean((point) => (point.bytes - bytes) ** 2);
  if (!(slope > 0)) return null;
  const fixed = Math.max(0, seconds - slope * bytes);
  const times = pointsOf(candidates.filter(isOfIqFamily)).map((point) => point.seconds / (fixed + slope * point.bytes));
  const misses = points.map((point) => (fixed + slope * point.bytes) / point.seconds - 1);
  return {
    fixed,
    bytesPerSecond: 1 / slope,
    relativeError: Math.sqrt(sum(misses.map((miss) => miss ** 2)) / points.length),
    files: points.length,
    iqTimes: times.length > 0 ? median(times) : null,
  };
}

/** Their kernels look values up in tables. */
export function isOfIqFamily({ type }: Pick<Candidate, 'type'>): boolean {
  return type?.toUpperCase().startsWith('IQ') === true;
}

/** Of the weights, what one token reads: an embedding row is nothing, and of the experts only the chosen ones count. */
export function bytesPerToken(tensorBytes: number, { parameters, ends, experts }: ModelShape): number {
  const looked = ends.output > 0 ? ends.input : 0;
  const idle = experts ? experts.parameters * (1 - experts.used / experts.count) : 0;
  return tensorBytes * (1 - (looked + idle) / parameters);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
