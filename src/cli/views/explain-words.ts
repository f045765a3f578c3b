import { styleText } from 'node:util';
import { harmless } from '../../harmless.ts';
import type { Plan } from '../../plan/planned.ts';
import type { Explanation } from '../../preview/explain.ts';
import { reasonInFull } from '../../preview/in-words.ts';
import { duration } from '../../report/format.ts';
import type { Results } from '../../results/schema.ts';

/** A task's reasons as sentences, and below them, further in, those of the tasks behind it. */
export function explanationInWords(explanation: Explanation): string {
  return `${lines(explanation, new Set()).join('\n')}\n`;
}

function lines(explanation: Explanation, told: Set<string>): string[] {
  const head = `${styleText('bold', explanation.task)} ${headOf(explanation)}`;
  if (told.has(explanation.task)) return [`${head} (as above)`];
  told.add(explanation.task);
  return [
    head,
    ...explanation.reasons.map((reason) => `  - ${reasonInFull(reason)}`),
    ...explanation.because.flatMap((behind) => lines(behind, told).map((line) => `    ${line}`)),
  ];
}

function headOf({ state, made, comparedWith, reasons }: Explanation): string {
  if (state === 'run') return 'has to run:';
  if (state === 'maybe') return 'may have to run:';
  const when = made ? `, on ${made.at.slice(0, 16).replace('T', ' ')} UTC in ${duration(made.seconds)}` : '';
  if (reasons.length === 0) return `is made${when}; nothing differs`;
  return `is made${when}; ${comparedWith === 'last run' ? 'it differs from the last run:' : 'it differs from the one before:'}`;
}

/** Of a pipeline with `chunks: auto` whose tasks are all made: that nothing runs, and why no more chunks are taken. */
export function enoughInWords({ chunks, conditions }: Pick<Plan, 'chunks' | 'conditions'>, results: Results | null): string {
  const { evaluation } = results?.conditions ?? {};
  // The results may be of another text, or of a run after which the last one went back.
  if (!chunks || !evaluation?.chosen || evaluation.sha256 !== conditions.evaluation?.sha256 || Number(evaluation.chunks) > chunks.now)
    return '';
  const why = evaluation.chosen.replace(/^auto: [^,]*, as /, '');
  return `Nothing runs: ${evaluation.chunks} chunks were enough, as ${harmless(why)}.\n`;
}
