import type { ChoicesResult } from '../run/operations/choices.ts';
import { mcnemar } from '../stats/mcnemar.ts';
import { wilson } from '../stats/wilson.ts';
import type { Choices } from './schema.ts';

/**
 * How many questions a row answers rightly, and which otherwise than the base: of two accuracies with an error of some points each, the flips
 * tell what the accuracies cannot.
 * @param base of the same questions; null for the base itself and for another model
 */
export function choicesOf(asked: Pick<Choices, 'task' | 'data' | 'sha256'>, { right }: ChoicesResult, base: ChoicesResult | null): Choices {
  const { task, data, sha256 } = asked;
  const n = right.length;
  const correct = right.filter(Boolean).length;
  const { low, high } = wilson(correct, n);
  return {
    task,
    data,
    sha256,
    accuracy: { value: (100 * correct) / n, low: 100 * low, high: 100 * high, n },
    questions: n,
    answers: right.map((one) => (one ? '1' : '0')).join(''),
    ...(base && base.right.length === n ? { flips: flipsOf(right, base.right) } : {}),
  };
}

function flipsOf(right: boolean[], base: boolean[]): NonNullable<Choices['flips']> {
  const rightToWrong = right.filter((one, i) => base[i] && !one).length;
  const wrongToRight = right.filter((one, i) => !base[i] && one).length;
  return { rightToWrong, wrongToRight, p: mcnemar(rightToWrong, wrongToRight) };
}
