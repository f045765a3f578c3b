import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { choicesArgs, choicesProgress, failure, readChoices } from '../../tools/choices.ts';
import { readQuestions } from '../../tools/questions.ts';
import type { Operation } from '../operation.ts';
import { fileName } from './names.ts';
import { untilFinalBlock } from './retry.ts';

export interface ChoicesResult {
  /** Of each question, in the order in which the tool draws them: the same for every model. */
  right: boolean[];
}

/** Questions with given answers: which of them the model finds likeliest. */
export const choices: Operation<'choices'> = async (work) => {
  const { task, folder, threads, tools, call } = work;
  const { task: kind, questions, gpuLayers, args } = task.params;
  const file = fileName(task, 'questions');
  const known = readQuestions(kind, readFileSync(join(folder, file)));
  const count = questions === 'all' ? known.count : Math.min(questions, known.count);
  const { right } = await untilFinalBlock(work, async () => {
    const { stdout, stderr } = await call({
      name: 'llama-perplexity',
      file: tools.binaries.perplexity,
      args: choicesArgs({
        model: fileName(task, 'model'),
        questions: file,
        task: kind,
        count,
        mostAnswers: known.mostAnswers,
        threads,
        gpuLayers,
        extra: args,
      }),
      progress: choicesProgress(count),
      explain: failure,
    });
    return readChoices(stdout, stderr, count);
  });
  return { right } satisfies ChoicesResult;
};
