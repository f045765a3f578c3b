import { defaultPrompts } from '../pipeline/default-prompts.ts';
import type { Choice, Surroundings } from './choice.ts';
import { answerSpeed, promptSpeed, roughly } from './guesses.ts';
import type { Looks } from './looks.ts';

export interface Sampled extends Choice<'default' | null> {
  /** A guess. */
  seconds: number;
}

/** Of a prompt with its template, and of an answer. */
const promptTokens = 60;
const answerTokens = 64;

/** @param files bytes of each file that answers; none when nothing fits into memory @param seconds what it may take */
export function chooseSamples(looks: Looks, { cores }: Pick<Surroundings, 'cores'>, files: number[], seconds: number): Sampled {
  if (files.length === 0) return { value: null, seconds: 0, why: 'No file that could answer fits into memory here.' };
  const each = files.map((bytes) => promptTokens / promptSpeed(looks, cores) + answerTokens / answerSpeed(looks, bytes, cores));
  const cost = defaultPrompts.length * each.reduce((total, one) => total + one, 0);
  const asked = `${defaultPrompts.length} prompts that every file answers, side by side`;
  const own = '{ file: prompts.txt } asks what you write, a line each';
  return cost <= seconds
    ? { value: 'default', seconds: cost, why: `${asked}: a guess is ${roughly(cost)}. ${own}, \`none\` leaves it out.` }
    : { value: null, seconds: 0, why: `\`default\` are ${asked}: they would take about ${roughly(cost)}, a guess. ${own}.` };
}
