import type { Choices, ResultRow, Results } from '../results/schema.ts';
import type { Column } from './columns.ts';
import { kldDecimals, plusMinus } from './format.ts';

/** Columns of the further texts, and of each kind of questions: as many as these results have. */
export function furtherColumns({ conditions, rows }: Results): Column[] {
  const texts = (conditions.slices ?? []).map(({ name, context }) =>
    sliceColumn(name, context === conditions.evaluation?.context ? null : context),
  );
  return [...texts, ...choiceTasksOf(rows).map(choiceColumn)];
}

/** Kinds of questions that were put to any row, in the order in which they were asked. */
export function choiceTasksOf(rows: ResultRow[]): Choices['task'][] {
  return [...new Set(rows.flatMap(({ choices = [] }) => choices.map(({ task }) => task)))];
}

/** How people write them. */
export const choiceNames: Record<Choices['task'], string> = {
  hellaswag: 'HellaSwag',
  winogrande: 'Winogrande',
  'multiple-choice': 'multiple choice',
};

/** @param context where it is another than the first text's */
function sliceColumn(name: string, context: number | null): Column {
  return {
    title: `KLD on ${name}${context === null ? '' : ` (context ${context})`}`,
    align: 'right',
    dispensable: 4.5,
    cell: ({ slices }) => {
      const kld = slices?.[name]?.kld;
      return kld ? plusMinus(kld, kldDecimals(kld.value)) : '';
    },
  };
}

function choiceColumn(task: Choices['task']): Column {
  return {
    title: choiceNames[task],
    align: 'right',
    dispensable: 4.5,
    cell: ({ choices = [] }) => {
      const accuracy = choices.find((one) => one.task === task)?.accuracy;
      return accuracy ? `${plusMinus(accuracy, 1)} %` : '';
    },
  };
}
