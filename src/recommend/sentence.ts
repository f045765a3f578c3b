import type { Device } from '../devices/device.ts';
import { comparePaired } from '../results/compare.ts';
import type { Divergence } from './candidate.ts';
import type { Demand } from './demand.ts';
import type { Judged } from './judge.ts';
import type { Need } from './need.ts';
import { compared, gib, joined, significant, tokensPerSecond } from './words.ts';

/** Why this one, with its numbers. */
export function sentenceFor({ candidate, demand, speed }: Judged, device: Device, need: Need): string {
  const told = [`${candidate.name} ${room(demand, device, need)}`, ...paceKnown(speed, need), distance(candidate.quality)].join(', ');
  return speed.kind === 'measured' ? `${told}.` : `${told}; ${paceUnknown(speed, need)}.`;
}

function room(demand: Demand, { cards }: Device, { context }: Need): string {
  const { total, usable, offload } = demand;
  const where = cards ? `the ${gib(usable)} GiB usable on the ${cards.count > 1 ? 'cards' : 'card'}` : `the ${gib(usable)} GiB usable`;
  if (!offload) return `fits into ${where} with ${gib(usable - total)} GiB free at ${context} tokens of context`;
  const rest = `${gib(offload.onHost.weights + offload.onHost.kv)} GiB stay in main memory, from where ${Math.round(100 * offload.readOnHost)} % of what a token reads come`;
  return offload.expertLayersOnCpu > 0
    ? `fits into ${where} when the experts of ${offload.expertLayersOnCpu} layers are left to the processor (${rest}) at ${context} tokens of context`
    : `fits in part into ${where}: ${offload.gpuLayers} layers (${rest}) at ${context} tokens of context`;
}

/** What passes only with the upper end of its interval is told so. */
function paceKnown(speed: Judged['speed'], { minTg }: Need): string[] {
  if (speed.kind !== 'measured') return [];
  const { value, low, high, samples } = speed.generation;
  const range = low === high ? `n=${samples.length}; ` : `${tokensPerSecond(low)} to ${tokensPerSecond(high)}; `;
  return [`${tokensPerSecond(value)} t/s (${range}at least ${minTg} are wanted${low < minTg ? ', which is not sure' : ''})`];
}

function paceUnknown(speed: Judged['speed'], { minTg }: Need): string {
  const limit = `whether it reaches ${minTg} t/s is not known`;
  if (speed.kind !== 'predicted') return `its speed there was not measured: ${limit}`;
  const { value, low, high } = speed.generation;
  return `about ${tokensPerSecond(value)} t/s are predicted (${tokensPerSecond(low)} to ${tokensPerSecond(high)}): ${limit}`;
}

function distance({ kld, high, half, sameTopP, figures, measured }: Divergence): string {
  const error = half === null ? ` of ${measured?.chunks} chunks, too few for an interval` : ` ± ${significant(half)}`;
  const top = sameTopP === null ? '' : ` (${sameTopP.toFixed(1)} % same top token)`;
  if (!measured) return `published KLD ${significant(kld)}${spread(kld, high, figures)}${top}`;
  return `KLD ${significant(kld)}${error}${top}`;
}

/** Of what the published figures of other models are apart. */
function spread(kld: number, high: number, figures = 0): string {
  if (figures < 2) return figures === 1 ? ' of one model' : '';
  return significant(high) === significant(kld) ? `, alike in ${figures} models` : `, up to ${significant(high)} in ${figures} models`;
}

/** What taking the other one would change: "Q5_K_M is 19 % bigger and 15 % slower for 0.018 less KLD." */
export function runnerUpSentence(other: Judged, picked: Judged): string {
  const size = compared(other.candidate.fileBytes, picked.candidate.fileBytes, ['bigger', 'smaller']);
  const speed =
    other.speed.kind === picked.speed.kind && other.speed.kind !== 'unknown' && picked.speed.kind !== 'unknown'
      ? compared(other.speed.generation.value, picked.speed.generation.value, ['faster', 'slower'])
      : null;
  const quality = difference(picked.candidate.quality, other.candidate.quality);
  const is = joined([size, speed]);
  return `${other.candidate.name} is ${is === '' ? 'as big and as fast' : is}, for ${quality}.`;
}

/** Of measured ones over the same blocks of text, with what chance does to it. */
function difference(picked: Divergence, other: Divergence): string {
  const paired = picked.measured && other.measured ? comparePaired(picked.measured, other.measured) : null;
  const { value, high } = paired?.difference ?? { value: other.kld - picked.kld };
  if (value === 0) return 'the same KLD';
  const amount = high === undefined ? significant(Math.abs(value)) : withError(Math.abs(value), high - value);
  return `${amount} ${value > 0 ? 'more' : 'less'} KLD`;
}

/** To the first digit of the error. */
function withError(value: number, error: number): string {
  const decimals = error > 0 ? Math.max(0, -Math.floor(Math.log10(error))) : 5;
  return `${value.toFixed(decimals)} ± ${error.toFixed(decimals)}`;
}
