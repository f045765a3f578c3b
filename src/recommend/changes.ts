import type { Device } from '../devices/device.ts';
import type { Choice } from './candidate.ts';
import { judge } from './judge.ts';
import { type Need, preferences } from './need.ts';
import { pick } from './pick.ts';

/** Asks again with other wishes, and says which of them lead elsewhere. @param picked what is chosen as things are; null for nothing */
export function whatWouldChange(choice: Choice, device: Device, need: Need, picked: string | null): string[] {
  return otherNeeds(need, choice.shape.trainedContext).flatMap(({ words, other }) => {
    const then = pick(judge(choice, device, other), other);
    if ((then?.candidate.name ?? null) === picked) return [];
    return [then === null ? `${words}: nothing fits` : `${words}: ${then.candidate.name}${then.demand.offload ? ', in part' : ''}`];
  });
}

function otherNeeds(need: Need, longest: number): { words: string; other: Need }[] {
  const { context, kvType, ubatch, prefer } = need;
  const shorter = Math.max(512, context / 2);
  return [
    ...(shorter < context ? [{ words: `${shorter} tokens of context`, other: { ...need, context: shorter } }] : []),
    ...(longest === 0 || 2 * context <= longest
      ? [{ words: `${2 * context} tokens of context`, other: { ...need, context: 2 * context } }]
      : []),
    ...(kvType.toUpperCase() === 'Q8_0' ? [] : [{ words: '-ctk q8_0 -ctv q8_0', other: { ...need, kvType: 'Q8_0' } }]),
    ...(ubatch > 128 ? [{ words: '-ub 128', other: { ...need, ubatch: 128 } }] : []),
    ...preferences.filter((other) => other !== prefer).map((other) => ({ words: `prefer: ${other}`, other: { ...need, prefer: other } })),
  ];
}
