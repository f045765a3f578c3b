import type { Choices } from '../results/schema.ts';
import { mcnemar } from '../stats/mcnemar.ts';
import { type Compared, type MeasureComparison, type Measured, refusal, significance } from './comparison.ts';
import { differs, toolProblems } from './conditions.ts';
import { whereLacking } from './quality.ts';

/** Questions with given answers, by those that the two answer differently. */
export function compareChoices(a: Measured, b: Measured): Compared {
  const tasks = [...new Set([a, b].flatMap(({ row }) => (row.choices ?? []).map(({ task }) => task)))];
  const problems = tasks.length > 0 ? toolProblems(a.results, b.results, 'perplexity') : [];
  if (problems.length > 0) return refusal('choices', problems);
  const each = tasks.map((task) => {
    const [one, other] = [a, b].map(({ row }) => row.choices?.find((choices) => choices.task === task));
    if (one && other) return compareTask(one, other);
    return refusal('choices', [`${task}: not measured${whereLacking(a, b, one ? b : a)}`]);
  });
  return { measures: each.flatMap(({ measures }) => measures), refused: each.flatMap(({ refused }) => refused) };
}

function compareTask(a: Choices, b: Choices): Compared {
  const { task } = a;
  if (a.sha256 !== b.sha256) return refusal('choices', [`${task}: ${differs('data', a.data, b.data)}`]);
  if (a.questions !== b.questions) return refusal('choices', [`${task}: ${differs('questions', a.questions, b.questions)}`]);
  if (a.answers === undefined || b.answers === undefined) return refusal('choices', [`${task}: single answers are not known`]);
  return { measures: [compareAnswers(a, b, a.answers, b.answers)], refused: [] };
}

function compareAnswers(a: Choices, b: Choices, first: string, second: string): MeasureComparison {
  const count = (from: string, to: string) => [...first].filter((answer, i) => answer === from && second[i] === to).length;
  const [rightToWrong, wrongToRight] = [count('1', '0'), count('0', '1')];
  const probability = mcnemar(rightToWrong, wrongToRight);
  const value = b.accuracy.value - a.accuracy.value;
  return {
    measure: a.task,
    part: 'choices',
    unit: 'percent',
    a: a.accuracy,
    b: b.accuracy,
    change: { kind: 'difference', value, n: a.questions },
    verdict: probability > significance ? 'tied' : value > 0 ? 'better' : 'worse',
    probability,
    because: `${rightToWrong} right to wrong, ${wrongToRight} wrong to right`,
  };
}
