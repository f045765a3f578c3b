import type { ModelShape } from '../memory/shape.ts';
import { fitLine } from '../stats/line.ts';
import { mean, median } from '../stats/moments.ts';
import type { Candidate, Choice } from './candidate.ts';
import { drawer, errorOf } from './draws.ts';

/** Seconds per token = fixed + bytes read / bandwidth, on the machine that was measured on. */
export interface GenerationFit extends Drawn {
  /** Root mean square of what it misses, by the time measured. */
  relativeError: number;
  /** By how much a measured speed may be off: the middle one. */
  noise: number;
  /** Files that it was fitted on: none of the IQ family. */
  files: number;
  /** The same from speeds drawn out of their intervals. */
  draws: Drawn[];
}

interface Drawn {
  fixed: number;
  /** So many times longer do files of the IQ family take, whose kernels compute more; null where none was measured. */
  iqTimes: number | null;
}

const fewestFiles = 3;

/** A line that misses by more says nothing of bandwidth. */
const mostError = 0.25;

const draws = 200;
const seed = 1;

/** Share of the draws in which speed may fail to follow size. */
const mostFailed = 0.05;

/** Over the measured files; in words where there is nothing to carry elsewhere. */
export function fitGeneration({ candidates, limitedBy }: Choice): GenerationFit | string {
  const measured = candidates.flatMap((candidate) => (candidate.speed ? { candidate, speed: candidate.speed.generation } : []));
  const plain = measured.filter(({ candidate }) => !isOfIqFamily(candidate)).length;
  if (measured.length === 0) return 'no speed was measured anywhere';
  if (plain < fewestFiles) return `${plain} measured files are too few to predict from`;
  if (limitedBy === 'arithmetic') return 'arithmetic limits generation where it was measured, and bandwidth alone cannot be carried over';
  const fit = fitTo(measured.map(({ candidate, speed }) => timed(candidate, speed.value)));
  if (!fit) return 'speed does not follow size where it was measured';
  if (fit.relativeError > mostError)
    return `speed hardly follows size where it was measured: a line misses it by ${Math.round(100 * fit.relativeError)} %`;
  const { again } = drawer(seed);
  const drawn = Array.from({ length: draws }, () => fitTo(measured.map(({ candidate, speed }) => timed(candidate, again(speed)))));
  const succeeded = drawn.filter((one) => one !== null);
  const noise = median(measured.map(({ speed }) => errorOf(speed)));
  if (succeeded.length < (1 - mostFailed) * draws)
    return `the measured speeds scatter too much to tell how they follow size: the middle one may be off by ${Math.round(100 * noise)} %`;
  return { ...fit, noise, files: plain, draws: succeeded };
}

interface Timed {
  bytes: number;
  seconds: number;
  isIq: boolean;
}

function timed(candidate: Candidate, tokensPerSecond: number): Timed {
  return { bytes: candidate.readBytes, seconds: 1 / tokensPerSecond, isIq: isOfIqFamily(candidate) };
}

/** Null where time does not grow with size. */
function fitTo(files: Timed[]): (Drawn & { relativeError: number }) | null {
  const plain = files.filter(({ isIq }) => !isIq);
  const line = fitLine(plain.map(({ bytes, seconds }) => ({ x: bytes, y: seconds })));
  if (!line || !(line.slope > 0)) return null;
  const fixed = Math.max(0, line.intercept);
  const expected = ({ bytes }: Timed) => fixed + line.slope * bytes;
  const squares = plain.map((one) => (expected(one) / one.seconds - 1) ** 2);
  const times = files.filter(({ isIq }) => isIq).map((one) => one.seconds / expected(one));
  return { fixed, relativeError: Math.sqrt(mean(squares)), iqTimes: times.length > 0 ? median(times) : null };
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
