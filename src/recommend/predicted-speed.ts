import type { Bandwidth, Device } from '../devices/device.ts';
import { hostBandwidth } from '../devices/host.ts';
import type { Candidate } from './candidate.ts';
import { drawer, middleOf } from './draws.ts';
import { type GenerationFit, isOfIqFamily } from './generation-fit.ts';
import { tokensPerSecond } from './words.ts';

interface Predicted {
  value: number;
  low: number;
  high: number;
}

/** What does not depend on the size takes so many times as long elsewhere; a guess, as nobody measured it there. */
export const slowerCore = { low: 1, high: 5 };

/** A range beyond this tells nobody anything. */
const mostSpan = 4;

const seed = 1;

/**
 * The machine's own fit, with the bandwidth of another one, or of the card and of the main memory beside it. Whatever is uncertain is drawn:
 * the fit, what it misses, the share of the bandwidth and the part that is no reading. In words where too little is known.
 * @param onHost share of what a token reads that comes from the memory beside the card
 */
export function predictedSpeed(
  { bandwidth }: Device,
  candidate: Candidate,
  fit: GenerationFit | string,
  onHost: number,
): Predicted | string | null {
  if (!bandwidth || typeof fit === 'string') return null;
  const isIq = isOfIqFamily(candidate);
  if (isIq && fit.iqTimes === null) return null;
  const { between, normal } = drawer(seed);
  const seconds = fit.draws.map((drawn) => {
    const reading = candidate.readBytes * ((1 - onHost) / rate(bandwidth, between) + onHost / rate(hostBandwidth, between));
    const missed = Math.exp(normal() * fit.relativeError);
    return Math.max(fit.fixed, (isIq ? (drawn.iqTimes ?? 1) : 1) * (drawn.fixed * between(slowerCore) + reading) * missed);
  });
  const tokens = middleOf(seconds.map((one) => 1 / one));
  if (tokens.high / tokens.low <= mostSpan) return tokens;
  return `a prediction would span ${tokensPerSecond(tokens.low)} to ${tokensPerSecond(tokens.high)} t/s, more than a factor of ${mostSpan}`;
}

function rate({ bytesPerSecond, reached }: Bandwidth, between: (range: Bandwidth['reached']) => number): number {
  return bytesPerSecond * between(reached);
}
