import { throttledInWords } from '../machine/throttled.ts';
import type { SustainedResult } from '../run/operations/sustained.ts';
import type { ResultRow, Sustained } from './schema.ts';

/** Of a run that is shorter, the first minute would reach into the last third: the first third stands for it. */
const longEnough = 90;

/** Repetitions as points in time: how fast the beginning was, and how fast the last third. */
export function sustainedOf({ samplesTps, tokens }: SustainedResult): Sustained {
  const samples: Sustained['samples'] = [];
  let second = 0;
  for (const tps of samplesTps) {
    second += tokens / tps;
    samples.push({ second, tps });
  }
  const beginning = second >= longEnough ? 'first minute' : 'first third';
  const first = speedWithin(samples, 0, beginning === 'first minute' ? 60 : second / 3);
  const last = speedWithin(samples, (second * 2) / 3, second);
  return {
    seconds: second,
    beginning,
    first: first.tps,
    steady: last.tps,
    n: { first: first.n, steady: last.n },
    samples: thinned(samples, tokens),
  };
}

/**
 * All tokens by all seconds between two points in time, so that a stall counts as long as it was. A repetition that is only in part
 * between them counts with that part.
 */
function speedWithin(samples: Sustained['samples'], from: number, to: number): { tps: number; n: number } {
  const parts = samples.flatMap(({ second, tps }, i) => {
    const seconds = Math.min(to, second) - Math.max(from, samples[i - 1]?.second ?? 0);
    return seconds > 0 ? [{ seconds, tokens: seconds * tps }] : [];
  });
  const sum = (of: 'seconds' | 'tokens') => parts.reduce((total, part) => total + part[of], 0);
  return { tps: sum('tokens') / sum('seconds'), n: parts.length };
}

/** What a Raspberry Pi says of it: a run without a pause is meant to heat, so its speed counts all the same. */
export function sustainedMarks({ machine, pauses }: SustainedResult): Pick<ResultRow, 'marks'>['marks'] {
  const words = throttledInWords(machine.to.throttled);
  return [
    ...(words === null ? [] : [`after generation without a pause the processor was held back: ${words}`]),
    ...(pauses > 0
      ? [`generation without a pause paused ${pauses === 1 ? 'once' : `${pauses} times`}, for another llama-bench to load`]
      : []),
  ];
}

const mostPoints = 120;

/** Each point the mean speed of the repetitions that it stands for. */
function thinned(samples: Sustained['samples'], tokens: number): Sustained['samples'] {
  const each = Math.ceil(samples.length / mostPoints);
  const points: Sustained['samples'] = [];
  for (let i = 0; i < samples.length; i += each) {
    const group = samples.slice(i, i + each);
    const second = group.at(-1)?.second ?? 0;
    points.push({ second, tps: (group.length * tokens) / (second - (points.at(-1)?.second ?? 0)) });
  }
  return points;
}
