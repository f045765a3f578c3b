import type { ModelShape } from '../memory/shape.ts';
import { fitLine } from '../stats/line.ts';
import { median } from '../stats/moments.ts';
import type { Candidate, Choice } from './candidate.ts';

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

/** A line that misses by more says nothing of bandwidth. */
const mostError = 0.25;

/** Over the measured files; in words where there is nothing to carry elsewhere. */
export function fitGeneration({ candidates, limitedBy }: Choice): GenerationFit | string {
  const measured = candidates.filter((candidate) => candidate.speed !== null);
  const plain = measured.filter((candidate) => !isOfIqFamily(candidate));
  if (measured.length === 0) return 'no speed was measured anywhere';
  if (plain.length < fewestFiles) return `${plain.length} measured files are too few to predict from`;
  if (limitedBy === 'arithmetic') return 'arithmetic limits generation where it was measured, and bandwidth alone cannot be carried over';
  const line = fitLine(plain.map((candidate) => ({ x: candidate.readBytes, y: secondsOf(candidate) })));
  if (!line || !(line.slope > 0)) return 'speed does not follow size where it was measured';
  const fixed = Math.max(0, line.intercept);
  const expected = ({ readBytes }: Candidate) => fixed + line.slope * readBytes;
  const relativeError = Math.sqrt(sum(plain.map((candidate) => (expected(candidate) / secondsOf(candidate) - 1) ** 2)) / plain.length);
  if (relativeError > mostError)
    return `speed hardly follows size where it was measured: a line misses it by ${Math.round(100 * relativeError)} %`;
  const times = measured.filter(isOfIqFamily).map((candidate) => secondsOf(candidate) / expected(candidate));
  return { fixed, bytesPerSecond: 1 / line.slope, relativeError, files: plain.length, iqTimes: times.length > 0 ? median(times) : null };
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

function secondsOf({ speed }: Candidate): number {
  return speed ? 1 / speed.generation.value : Number.NaN;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
