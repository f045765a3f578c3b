import type { ModelShape } from '../memory/shape.ts';
import type { Candidate } from './candidate.ts';

/** Seconds per token = fixed + bytes read / bandwidth, on the machine that was measured on. */
export interface GenerationFit {
  fixed: number;
  bytesPerSecond: number;
  /** Root mean square of what it misses, by the time measured. */
  relativeError: number;
  /** Files that it was fitted on. */
  files: number;
}

const fewestFiles = 3;

/** By least squares over the measured files. Null where they are too few, or where time does not grow with size: nothing to carry elsewhere then. */
export function fitGeneration(candidates: Candidate[], shape: ModelShape): GenerationFit | null {
  const points = candidates.flatMap(({ speed, tensorBytes }) =>
    speed ? [{ bytes: bytesPerToken(tensorBytes, shape), seconds: 1 / speed.generation.value }] : [],
  );
  if (points.length < fewestFiles) return null;
  // Relative errors count: a slow file shall not decide alone.
  const weights = points.map(({ seconds }) => 1 / seconds ** 2);
  const total = sum(weights);
  const mean = (of: (point: (typeof points)[number]) => number) => sum(points.map((point, i) => (weights[i] ?? 0) * of(point))) / total;
  const [bytes, seconds] = [mean((point) => point.bytes), mean((point) => point.seconds)];
  const slope = mean((point) => (point.bytes - bytes) * (point.seconds - seconds)) / mean((point) => (point.bytes - bytes) ** 2);
  if (!(slope > 0)) return null;
  const fixed = Math.max(0, seconds - slope * bytes);
  const misses = points.map((point) => (fixed + slope * point.bytes) / point.seconds - 1);
  return {
    fixed,
    bytesPerSecond: 1 / slope,
    relativeError: Math.sqrt(sum(misses.map((miss) => miss ** 2)) / points.length),
    files: points.length,
  };
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
