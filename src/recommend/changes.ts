import type { Device } from '../devices/device.ts';
import type { Choice } from './candidate.ts';
import { judge, type Known, knownOf } from './judge.ts';
import { type Need, preferences } from './need.ts';
import { pick } from './pick.ts';

type Chosen = ReturnType<typeof pick>;

/** Asks again with other wishes, and says which of them lead elsewhere. @param picked what is chosen as things are; null for nothing */
export function whatWouldChange(choice: Choice, device: Device, need: Need, picked: Chosen, fit: Known['fit']): string[] {
  return otherNeeds(need, device, choice.shape.trainedContext).flatMap(({ words, other }) => {
    const then = pick(judge(choice, device, other, knownOf(choice, device, other, fit)), other);
    return inWords(then) === inWords(picked) ? [] : [`${words}: ${inWords(then)}`];
  });
}

function inWords(chosen: Chosen): string {
  return chosen ? `${chosen.candidate.name}${chosen.demand.offload ? ', in part' : ''}` : 'nothing fits';
}

function otherNeeds(need: Need, { cards }: Device, longest: number): { words: string; other: Need }[] {
  const { context, kvType, ubatch, prefer, minTg } = need;
  const shorter = Math.max(512, context / 2);
  return [
    ...(shorter < context ? [{ words: `${shorter} tokens of context`, other: { ...need, context: shorter } }] : []),
    ...(longest === 0 || 2 * context <= longest
      ? [{ words: `${2 * context} tokens of context`, other: { ...need, context: 2 * context } }]
      : []),
    ...(kvType.toUpperCase() === 'Q8_0' ? [] : [{ words: '-ctk q8_0 -ctv q8_0', other: { ...need, kvType: 'Q8_0' } }]),
    ...(ubatch > 128 ? [{ words: '-ub 128', other: { ...need, ubatch: 128 } }] : []),
    ...preferences.filter((other) => other !== prefer).map((other) => ({ words: `prefer: ${other}`, other: { ...need, prefer: other } })),
    ...(cards && minTg > 0
      ? [{ words: 'prefer: quality with minTg: 0', other: { ...need, prefer: 'quality', minTg: 0 } satisfies Need }]
      : []),
  ];
}
