import { medianRatioInterval } from '../stats/bootstrap.ts';
import { coefficientOfVariation } from '../stats/interval.ts';
import { fitLine, type Line } from '../stats/line.ts';
import { median } from '../stats/moments.ts';
import type { GenerationLimit, ResultRow, Speed } from './schema.ts';

/** A row as far as it tells what limits generation. */
interface Point {
  name: string;
  /** Bytes of weights that a token reads, and the seconds that it takes. */
  bytes: number;
  seconds: number;
  family: string;
  /** Relative standard error of the time. */
  noise: number;
  speed: Speed;
}

/** Why generation is as fast as it is, from how its time follows the sizes of the measured files; null without any speed. */
export function generationLimitOf(rows: ResultRow[]): GenerationLimit | null {
  const points = rows.flatMap(pointOf);
  if (points.length === 0) return null;
  const tooLittle = whyUnclear(points);
  const line = tooLittle === null ? fitLine(points.map(({ bytes, seconds }) => ({ x: bytes, y: seconds }))) : null;
  if (tooLittle !== null || !line) return { limit: 'unclear', sentence: unclear(tooLittle ?? 'all files have one size', points) };
  const limit = judge(line, points);
  return {
    limit,
    ...(line.slope > 0 ? { bytesPerSecond: 1 / line.slope } : {}),
    secondsPerToken: line.intercept,
    relativeError: line.relativeError,
    sentence: sentences[limit](line, points),
  };
}

/** Another model computes something else: its speed says nothing of ours. */
function pointOf({ name, kind, quality, generationSpeed, readPerToken }: ResultRow): Point[] {
  if (!generationSpeed || !readPerToken || (kind === 'compare' && !quality)) return [];
  const bytes = Object.values(readPerToken).reduce((total, one) => total + one, 0);
  const noise = noiseOf(generationSpeed.samples);
  return [{ name, bytes, seconds: 1 / generationSpeed.value, family: familyOf(readPerToken), noise, speed: generationSpeed }];
}

/** Of a median: 1.25 times as much as of a mean. */
function noiseOf(samples: number[]): number {
  return (1.25 * coefficientOfVariation(samples)) / Math.sqrt(Math.max(1, samples.length));
}

/** Types whose weights are unpacked in the same way, by the type that most bytes have. */
function familyOf(readPerToken: Record<string, number>): string {
  const [most = ''] = Object.entries(readPerToken).sort(([, a], [, b]) => b - a)[0] ?? [];
  if (/^IQ/.test(most)) return 'IQ types';
  if (/_K$/.test(most)) return 'K types';
  return /^(F|BF)\d+$/.test(most) ? 'unquantized files' : 'legacy types';
}

const fewest = 4;
const leastRange = 1.5;
const mostNoise = 0.08;

function whyUnclear(points: Point[]): string | null {
  if (points.length < fewest) return `${points.length} measured ${points.length === 1 ? 'file is' : 'files are'} too few`;
  const sizes = points.map(({ bytes }) => bytes);
  const range = Math.max(...sizes) / Math.min(...sizes);
  if (range < leastRange) return `the largest file reads only ${range.toFixed(2)} times as much as the smallest`;
  const noise = median(points.map((point) => point.noise));
  return noise > mostNoise ? `the measurements scatter by ${percent(noise)}, so measure again when nothing else runs` : null;
}

/** Beyond this a line does not describe the measurements. */
const worstFit = 0.15;

/**
 * Arithmetic is the same number of multiplications whatever the size, so the part of the time that follows the size is memory's. Where the
 * line does not fit, the fastest reader shows what memory can do: files that are read far slower wait for something else.
 */
function judge(line: Line, points: Point[]): GenerationLimit['limit'] {
  const share = readingShare(line, points);
  const error = (line.slopeError * typical(points).bytes) / typical(points).seconds;
  if (line.relativeError > worstFit) return readingAtFullRate(points) < 0.6 ? 'arithmetic' : 'unclear';
  if (share - error > 0.5) return 'memory bandwidth';
  return share + error < 0.5 ? 'arithmetic' : 'unclear';
}

/** Share of the typical file's time that follows its size. */
function readingShare({ slope, intercept }: Line, points: Point[]): number {
  const time = slope * typical(points).bytes;
  return Math.min(1, Math.max(0, time / (intercept + time)));
}

/** How much of its time the typical file would need, were it read as fast as the one that is read fastest. */
function readingAtFullRate(points: Point[]): number {
  const rates = points.map(({ bytes, seconds }) => bytes / seconds);
  return median(rates) / Math.max(...rates);
}

/** The file in the middle, by size. */
function typical(points: Point[]): Point {
  const sorted = points.toSorted((a, b) => a.bytes - b.bytes);
  return sorted[Math.floor((sorted.length - 1) / 2)] as Point;
}

const sentences: Record<GenerationLimit['limit'], (line: Line, points: Point[]) => string> = {
  'memory bandwidth': (line, points) =>
    [
      `Memory bandwidth limits generation on this machine: weights are read at ${gigabytes(1 / line.slope)} GB/s, and that takes ${percent(readingShare(line, points))} of a token's time (${within(line)}).`,
      ...comparedPair(points, 'and is'),
      ...slowFamilies(line, points),
    ].join(' '),
  arithmetic: (line, points) =>
    [
      line.relativeError > worstFit
        ? `Arithmetic limits generation on this machine, not memory: time does not follow size (${within(line)}), and the typical file is read at ${percent(readingAtFullRate(points))} of the rate that another one reaches.`
        : `Arithmetic limits generation on this machine, not memory: only ${percent(readingShare(line, points))} of a token's time follows from how much is read (${within(line)}).`,
      ...comparedPair(points, 'but is only'),
      ...slowFamilies(line, points),
    ].join(' '),
  unclear: (line, points) =>
    unclear(
      line.relativeError > worstFit
        ? `speeds do not follow the sizes (${within(line)})`
        : `about half of the time follows from how much is read (${percent(readingShare(line, points))}, ${within(line)})`,
      points,
    ),
};

function unclear(why: string, points: Point[]): string {
  return [`What limits generation on this machine is unclear: ${why}.`, ...comparedPair(points, 'and is')].join(' ');
}

/** The two files that people ask about: about eight bits, and about half of that. */
function comparedPair(points: Point[], joint: 'and is' | 'but is only'): string[] {
  const named = (...names: string[]) => names.flatMap((name) => points.find((point) => point.name === name) ?? [])[0];
  const large = named('Q8_0') ?? points.toSorted((a, b) => b.bytes - a.bytes)[0];
  const small = named('Q4_K_M', 'Q4_0', 'Q4_K_S', 'IQ4_XS') ?? points.toSorted((a, b) => a.bytes - b.bytes)[0];
  if (!large || !small || large.bytes <= small.bytes) return [];
  const less = percent(1 - small.bytes / large.bytes);
  return [
    `${small.name} reads ${less} less per token than ${large.name}, ${howMuchFaster(large, small, joint)} (${milliseconds(small)} and ${milliseconds(large)} ms).`,
  ];
}

function howMuchFaster(large: Point, small: Point, joint: 'and is' | 'but is only'): string {
  const found = medianRatioInterval(large.speed.samples, small.speed.samples, tookTurns(large.speed, small.speed));
  const rounds = Math.min(large.speed.n, small.speed.n);
  const ratio = (found?.ratio ?? large.seconds / small.seconds).toFixed(2);
  if (!found) return `${joint} ${ratio} times as fast, without an interval, as n=${rounds}`;
  const bounded = `${ratio} [${found.low.toFixed(2)}, ${found.high.toFixed(2)}] times as fast`;
  const isClear = found.low > 1 || found.high < 1;
  return isClear ? `${joint} ${bounded}` : `${joint === 'and is' ? 'and' : 'but'} their speeds cannot be told apart: it is ${bounded}`;
}

/** Rounds of one run, of which each measured both. */
function tookTurns(a: Speed, b: Speed): boolean {
  return a.samples.length === b.samples.length && a.from <= b.to && b.from <= a.to;
}

/** Kinds of types that take longer than their size tells: unpacking them costs. */
function slowFamilies({ intercept, slope }: Line, points: Point[]): string[] {
  const families = [...new Set(points.map(({ family }) => family))];
  return families.flatMap((family) => {
    const own = points.filter((point) => point.family === family);
    const excess = own.map(({ bytes, seconds }) => seconds / (intercept + slope * bytes) - 1);
    const mean = excess.reduce((total, one) => total + one, 0) / own.length;
    const name = `${family[0]?.toUpperCase()}${family.slice(1)}`;
    return own.length >= 2 && mean > 0.1
      ? [`${name} take ${percent(mean)} longer than the others of their size: unpacking them costs arithmetic.`]
      : [];
  });
}

function within({ relativeError }: Line): string {
  return `a line fits within ${percent(relativeError)}`;
}

function gigabytes(bytes: number): string {
  return (bytes / 1e9).toPrecision(3);
}

function milliseconds({ seconds }: Point): string {
  return (1000 * seconds).toPrecision(3);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.095 ? 1 : 0)} %`;
}
