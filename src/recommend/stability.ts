import type { Device } from '../devices/device.ts';
import type { Quality } from '../results/schema.ts';
import { mean, median } from '../stats/moments.ts';
import { randomFrom } from '../stats/random.ts';
import type { Candidate, Choice, Divergence, Measured } from './candidate.ts';
import { judge, type Known } from './judge.ts';
import type { Need } from './need.ts';
import { pick } from './pick.ts';

const draws = 200;
const seed = 1;

/** In which share of resamples the same file is picked; null where the quality, which decides, cannot be drawn again. */
export function stabilityOf(choice: Choice, device: Device, need: Need, picked: string, known: Known): number | null {
  if (!choice.candidates.some(({ quality }) => (quality.measured?.blocks.length ?? 0) > 1)) return null;
  const random = randomFrom(seed);
  let same = 0;
  for (let i = 0; i < draws; i++) {
    const again = { ...choice, candidates: resampled(choice.candidates, random) };
    if (pick(judge(again, device, need, known), need)?.candidate.name === picked) same++;
  }
  return same / draws;
}

/** Blocks and rounds are drawn for all files alike: they were measured side by side. */
function resampled(candidates: Candidate[], random: () => number): Candidate[] {
  const drawn = new Map<string, number[]>();
  const draw = (what: string, count: number) => {
    const name = `${what} ${count}`;
    const chosen = drawn.get(name) ?? Array.from({ length: count }, () => Math.floor(random() * count));
    drawn.set(name, chosen);
    return chosen;
  };
  return candidates.map((candidate) => ({
    ...candidate,
    quality: redrawnQuality(candidate.quality, draw),
    speed: candidate.speed && {
      prompt: redrawnSpeed(candidate.speed.prompt, draw),
      generation: redrawnSpeed(candidate.speed.generation, draw),
    },
  }));
}

type Draw = (what: string, count: number) => number[];

/** The block values say how the mean moves; the printed mean, which has more digits, is what moves. */
function redrawnQuality(divergence: Divergence, draw: Draw): Divergence {
  const { measured } = divergence;
  if (!measured || measured.blocks.length < 2) return divergence;
  const blocks = draw('blocks', measured.blocks.length).flatMap((i) => measured.blocks[i] ?? []);
  const shift = mean(blocks.map(({ kld }) => kld)) - mean(measured.blocks.map(({ kld }) => kld));
  const kld = divergence.kld + shift;
  const redrawn: Quality = { ...measured, blocks, kld: { ...measured.kld, value: kld } };
  return { ...divergence, kld, high: divergence.high + shift, measured: redrawn };
}

function redrawnSpeed(speed: Measured, draw: Draw): Measured {
  if (speed.samples.length < 2) return speed;
  const value = median(draw('rounds', speed.samples.length).flatMap((i) => speed.samples[i] ?? []));
  const shift = value - speed.value;
  return { ...speed, value, low: speed.low + shift, high: speed.high + shift };
}
