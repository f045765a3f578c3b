import { existsSync } from 'node:fs';
import { UserError } from '../errors.ts';
import type { Keep, Surroundings, Text, Wishes } from '../init/choice.ts';
import { choose } from '../init/choices.ts';
import { roughly } from '../init/guesses.ts';
import { type Looks, makesFiles } from '../init/looks.ts';
import { textNamed } from '../init/texts.ts';
import { chunksIn, quantsIn, wordsIn, yesOrNo } from '../init/wishes.ts';
import type { Questions } from './terminal-questions.ts';

export interface WishFlags {
  quants: string | undefined;
  text: string | undefined;
  imatrix: string | undefined;
  chunks: string | undefined;
  bench: boolean;
  keep: Keep | undefined;
}

/** What flags say. Throws UserError. */
export function wishesOf({ quants, text, imatrix, chunks, bench, keep }: WishFlags, looks: Looks, around: Surroundings): Wishes {
  return {
    ...(quants === undefined ? {} : { quants: makesFiles(looks) ? quantsIn(quants, around) : wordsIn(quants) }),
    ...(text === undefined ? {} : { evaluation: textNamed(text, 'evaluation') }),
    ...(imatrix === undefined ? {} : { calibration: textNamed(imatrix, 'calibration') }),
    ...(chunks === undefined ? {} : { chunks: chunksIn(chunks) }),
    ...(bench ? {} : { bench }),
    ...(keep === undefined ? {} : { keep }),
  };
}

/** Asks for what no flag has said. Each answer is known when the next question is asked, so that its preset fits. */
export async function askWishes(questions: Questions, looks: Looks, around: Surroundings, given: Wishes): Promise<Wishes> {
  const wishes = { ...given };
  const now = () => choose(looks, around, wishes);
  if (wishes.quants === undefined) wishes.quants = await askQuants(questions, looks, around, now());
  if (now().base.value === null) return wishes;
  if (wishes.evaluation === undefined)
    wishes.evaluation = await questions.ask('Text to measure on?', nameOf(around.texts.evaluation), (answer) =>
      textNamed(answer, 'evaluation'),
    );
  if (wishes.calibration === undefined && makesFiles(looks))
    wishes.calibration = await questions.ask('Text for the importance matrix?', nameOf(around.texts.calibration), (answer) =>
      textNamed(answer, 'calibration'),
    );
  const { evaluate } = now();
  if (wishes.chunks === undefined && evaluate.value !== null) {
    const question = `How many chunks of ${evaluate.value.context} tokens? ${evaluate.value.chunks} take about ${roughly(evaluate.seconds)}, a guess.`;
    wishes.chunks = await questions.ask(question, String(evaluate.value.chunks), chunksIn);
  }
  const { bench } = now();
  if (wishes.bench === undefined) {
    const cost = bench.value === null ? '' : ` It takes about ${roughly(bench.seconds)}, a guess.`;
    wishes.bench = await questions.ask(`Measure speed too?${cost}`, bench.value === null ? 'n' : 'y', yesOrNo);
  }
  return wishes;
}

/** Asks for a file that is not there yet. */
export async function askFile(questions: Questions, preset: string, force: boolean): Promise<string> {
  return await questions.ask('File for the pipeline?', preset, (answer) => {
    if (!force && existsSync(answer)) throw new UserError(`${answer} exists already: name another one`);
    return answer;
  });
}

function askQuants(questions: Questions, looks: Looks, around: Surroundings, { quants, compare }: ReturnType<typeof choose>) {
  if (makesFiles(looks)) return questions.ask('Which quant types?', quants.value.join(' '), (answer) => quantsIn(answer, around));
  return questions.ask('Which of the finished types?', compare.value.join(' '), (answer) => {
    const chosen = wordsIn(answer);
    choose(looks, around, { quants: chosen });
    return chosen;
  });
}

function nameOf([first]: Text[]): string {
  return first?.name ?? 'none';
}
