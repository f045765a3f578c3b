import type { Device } from '../devices/device.ts';
import type { Recommendation } from '../results/schema.ts';
import type { Choice } from './candidate.ts';
import { whatWouldChange } from './changes.ts';
import type { Demand } from './demand.ts';
import { evidenceFor } from './evidence.ts';
import { type Judged, judge, knownOf } from './judge.ts';
import type { Need } from './need.ts';
import { nothingFits } from './nothing-fits.ts';
import { pick } from './pick.ts';
import { runnerUpSentence, sentenceFor } from './sentence.ts';
import { stabilityOf } from './stability.ts';

/** The file to use on a device, why, and how sure that is. Pure: the same values give the same answer. */
export function recommend(choice: Choice, device: Device, need: Need): Recommendation {
  const known = knownOf(choice, device, need);
  const judged = judge(choice, device, need, known);
  const picked = pick(judged, need);
  const runnerUp = picked && pick(judged, need, picked);
  const rejected = judged.flatMap(({ candidate, rejected }) => (rejected ? [{ row: candidate.name, reason: rejected.reason }] : []));
  return {
    device: device.title,
    prefer: need.prefer,
    context: need.context,
    pick: picked?.candidate.name ?? null,
    sentence: picked ? sentenceFor(picked, device, need) : nothingFits(judged, device, need, choice.unjudged),
    runnerUp: runnerUp?.candidate.name ?? null,
    runnerUpSentence: picked && runnerUp ? runnerUpSentence(runnerUp, picked) : null,
    whatWouldChangeIt: whatWouldChange(choice, device, need, picked, known.fit),
    stability: picked ? stabilityOf(choice, device, need, picked.candidate.name, known) : null,
    memory: picked ? memoryOf(picked.demand) : null,
    speed: picked ? speedOf(picked) : null,
    evidence: evidenceFor(choice, device, need, picked, known.fit),
    rejected: [...rejected, ...choice.unjudged],
    arguments: picked ? argumentsFor(picked.demand, device, need) : [],
  };
}

/** The parts add up to what is usable: the margin, and what a measurement found beyond the rest, count as overhead. */
function memoryOf({ weights, kv, compute, total, usable }: Demand): Recommendation['memory'] {
  return { weights, kv, compute, overhead: Math.max(0, total - weights - kv - compute), free: usable - total, usable };
}

function speedOf({ speed }: Judged): Recommendation['speed'] {
  if (speed.kind === 'unknown') return null;
  const { value, low, high } = speed.generation;
  return { value, low, high, n: speed.kind === 'measured' ? speed.generation.samples.length : 0 };
}

function argumentsFor({ offload }: Demand, { cards }: Device, { context, kvType, ubatch }: Need): string[] {
  const type = kvType.toLowerCase();
  return [
    ...['-c', String(context)],
    ...(type === 'f16' ? [] : ['-ctk', type, '-ctv', type]),
    ...(ubatch === 512 ? [] : ['-ub', String(ubatch)]),
    ...(cards ? ['-ngl', String(offload?.gpuLayers ?? 99)] : []),
    ...(offload && offload.expertLayersOnCpu > 0 ? ['--n-cpu-moe', String(offload.expertLayersOnCpu)] : []),
  ];
}
