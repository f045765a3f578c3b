import { harmless } from '../harmless.ts';
import type { Recommendation, Results } from '../results/schema.ts';
import { binarySize } from './format.ts';

/** A few lines for a report: per device what to use and why. */
export function recommendationLines({ recommendations = [] }: Results): string[] {
  return recommendations.map((one) => {
    const sure = one.stability === null ? '' : ` Chosen in ${percent(one.stability)} of resamples.`;
    return harmless(`For ${one.device}: ${one.sentence}${sure}`);
  });
}

/** All of one, for who asked for it alone. */
export function recommendationInFull(one: Recommendation): string[] {
  const { memory } = one;
  const indented = (lines: string[]) => lines.map((line) => `  ${line}`);
  const list = (title: string, items: string[]) => (items.length === 0 ? [] : [`${title}:`, ...indented(items)]);
  return [
    `${one.device}, prefer ${one.prefer}, ${one.context} tokens of context: ${one.pick ?? 'nothing'}`,
    ...indented([
      one.sentence,
      ...(one.runnerUpSentence === null ? [] : [`Runner-up: ${one.runnerUpSentence}`]),
      ...(one.stability === null ? [] : [`Chosen in ${percent(one.stability)} of 200 resamples of the measurements.`]),
      ...(memory
        ? [
            `Memory: weights ${binarySize(memory.weights)}, cache ${binarySize(memory.kv)}, compute ${binarySize(memory.compute)}, process and margin ${binarySize(memory.overhead)}; ${binarySize(memory.free)} of ${binarySize(memory.usable)} free.`,
          ]
        : []),
      ...(one.arguments.length > 0 ? [`Run it with: ${one.arguments.join(' ')}`] : []),
      ...list('With other wishes', one.whatWouldChangeIt),
      ...list('Where the numbers come from', one.evidence),
      ...list(
        'Passed over',
        one.rejected.map(({ row, reason }) => `${row}: ${reason}`),
      ),
    ]),
  ].map(harmless);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}
