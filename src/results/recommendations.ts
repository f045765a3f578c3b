import { hereDevice } from '../devices/here.ts';
import type { Plan } from '../plan/planned.ts';
import { choiceOf } from '../recommend/from-results.ts';
import { needOf, needProblem } from '../recommend/need.ts';
import { recommend } from '../recommend/recommend.ts';
import type { Recommendation, Results } from './schema.ts';

/** What the pipeline asks to choose; what cannot be answered is said in a note. */
export function recommendationsFor(entries: Plan['recommend'], results: Results): Partial<Pick<Results, 'recommendations' | 'notes'>> {
  if (entries.length === 0) return {};
  const choice = choiceOf(results);
  if (!choice)
    return {
      notes: [
        ...results.notes,
        'Nothing is recommended: the model was converted by an older qpipe, which did not note its shape; run with --force convert.',
      ],
    };
  const answers = entries.map(({ device, wish }): Recommendation | string => {
    const problem = needProblem(wish, choice.shape.trainedContext);
    return problem
      ? `No recommendation: ${problem.message}.`
      : recommend(choice, device ?? hereDevice(results.conditions.machine), needOf(wish, choice.shape.trainedContext));
  });
  const unanswered = answers.filter((answer) => typeof answer === 'string');
  return {
    recommendations: answers.filter((answer) => typeof answer !== 'string'),
    ...(unanswered.length > 0 ? { notes: [...results.notes, ...unanswered] } : {}),
  };
}
