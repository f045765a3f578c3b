import type { Choices, Results } from '../../results/schema.ts';
import { speedConditions } from '../conditions-line.ts';
import { plusMinus } from '../format.ts';
import type { Chart } from './chart.ts';
import { dotPanels } from './dot-panels.ts';

/** Questions with given answers, a chart per task: how many are right, and how many are answered otherwise than by the base. */
export function choicesCharts(results: Results): Chart[] {
  const tasks = [...new Set(results.rows.flatMap(({ choices }) => choices?.map(({ task }) => task) ?? []))];
  return tasks.map((task) => choicesChart(results, task));
}

function choicesChart(results: Results, task: Choices['task']): Chart {
  const rows = results.rows.flatMap(({ name, choices = [] }) =>
    choices.filter((one) => one.task === task).map((choice) => ({ name, choice })),
  );
  const data = [
    ...new Set(rows.map(({ choice }) => `${choice.data} (sha256 ${choice.sha256.slice(0, 12)}), ${choice.questions} questions`)),
  ];
  return {
    name: `choices-${task}`,
    title: `${task}: right answers and flips`,
    description:
      'Percent right, with the 95 % interval; beside it the questions that the base had right and the row has wrong, and the other way round. Flips decide sooner than the two percentages.',
    ...dotPanels(
      rows.map(({ name }) => name),
      [
        {
          title: 'right, percent',
          tick: String,
          dots: rows.map(({ choice: { accuracy, flips } }) => [
            { ...accuracy, tone: flips && flips.p < 0.05 ? 'second' : 'first', text: `${plusMinus(accuracy, 1)} %${flipsInWords(flips)}` },
          ]),
        },
      ],
    ),
    table: [
      ['row', 'right', 'questions', 'right to wrong', 'wrong to right', 'p (McNemar)'],
      ...rows.map(({ name, choice: { accuracy, questions, flips } }) => [
        name,
        `${plusMinus(accuracy, 1)} %`,
        `n=${questions}`,
        flips ? String(flips.rightToWrong) : '',
        flips ? String(flips.wrongToRight) : '',
        flips ? flips.p.toPrecision(2) : '',
      ]),
    ],
    conditions: `${data.join(', ')} · ${speedConditions(results)}`,
  };
}

function flipsInWords(flips: Choices['flips']): string {
  return flips ? `, −${flips.rightToWrong} +${flips.wrongToRight}, p=${flips.p.toPrecision(2)}` : '';
}
