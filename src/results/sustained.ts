import { throttledInWords } from '../machine/throttled.ts';
import type { SustainedResult } from '../run/operations/sustained.ts';
import { median } from '../stats/moments.ts';
import type { ResultRow, Sustained } from './schema.ts';

/** Repetitions as points in time: how fast the first minute was, and how fast the last third. */
export function sustainedOf({ samplesTps, tokens }: SustainedResult): Sustained {
  const samples: Sustained['samples'] = [];
  let second = 0;
  for (const tps of samplesTps) {
    second += tokens / tps;
    samples.push({ second, tps });
  }
  const within = (from: number, to: number) =>
    samples.filter((sample) => sample.second > from && sample.second <= to).map(({ tps }) => tps);
  // A repetition that itself takes more than a minute is its own first minute.
  const firstMinute = within(0, Math.max(60, samples[0]?.second ?? 0));
  const lastThird = within((second * 2) / 3, second);
  return {
    seconds: second,
    firstMinute: median(firstMinute),
    steady: median(lastThird),
    samples: thinned(samples, tokens),
  };
}

/** What a Raspberry Pi says of it: a run without a pause is meant to heat, so its speed counts all the same. */
export function sustainedMarks({ machine }: SustainedResult): Pick<ResultRow, 'marks'>['marks'] {
  const words = throttledInWords(machine.to.throttled);
  return words === null ? [] : [`after generation without a pause the processor was held back: ${words}`];
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
