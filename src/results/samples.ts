import type { Asked } from '../plan/measure/sample-params.ts';
import type { SamplesResult } from '../run/operations/samples.ts';
import type { Answer } from '../tools/completion.ts';
import type { Results, Sample } from './schema.ts';

/** What every row was asked, and through what. */
export function promptsOf({ tokens, threads, prompts }: Asked, base: SamplesResult | null): NonNullable<Results['prompts']> {
  return { tokens, threads, template: base?.template ? "the model's own chat template" : null, prompts };
}

/** @param base null for the base itself, for another model, and where the base has no answers */
export function samplesOf(row: SamplesResult, base: SamplesResult | null, asked: Asked): Sample[] {
  return row.answers.map((answer, i) => {
    const expected = base?.answers[i] ?? null;
    const repetition = repetitionOf(answer.tokens);
    return {
      prompt: asked.prompts[i]?.name ?? '',
      text: textOf(answer.tokens),
      tokens: answer.tokens.length,
      seconds: answer.seconds,
      ...(expected ? { firstDifference: firstDifference(answer, expected) } : {}),
      ended: answer.ended,
      repetition,
      marks: marksOf(answer, repetition, expected?.ended ?? (row.template && asked.tokens >= generous)),
    };
  });
}

/** A chat model that has said nothing final by then goes on for ever, by all appearances. */
const generous = 512;

const repetitive = 0.5;

/** @param shouldEnd the base's answer ends, or there was room for any */
function marksOf({ tokens, ended }: Answer, repetition: number, shouldEnd: boolean): string[] {
  return [
    ...(textOf(tokens).trim() === '' ? ['says nothing'] : []),
    ...(repetition > repetitive ? ['repeats itself'] : []),
    ...(!ended && shouldEnd ? ['does not end'] : []),
  ];
}

/** Where two answers part: at the first token that differs, or where one of them ends and the other goes on. */
function firstDifference(answer: Answer, base: Answer): NonNullable<Sample['firstDifference']> | null {
  const shorter = Math.min(answer.tokens.length, base.tokens.length);
  const differing = answer.tokens.findIndex((token, i) => i >= shorter || token !== base.tokens[i]);
  const token = differing === -1 ? shorter : differing;
  const isSame = token === answer.tokens.length && token === base.tokens.length && answer.ended === base.ended;
  return isSame ? null : { token, character: charactersIn(answer.tokens.slice(0, token)) };
}

/** Without a character of which only a part has come. */
function charactersIn(tokens: string[]): number {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Buffer.from(tokens.join(''), 'latin1'), { stream: true }).length;
}

function textOf(tokens: string[]): string {
  return Buffer.from(tokens.join(''), 'latin1').toString('utf8');
}

/** Share of the runs of four tokens that came before; 0 for a text that is too short for two of them. */
function repetitionOf(tokens: string[]): number {
  const runs = tokens.slice(3).map((_, i) => JSON.stringify(tokens.slice(i, i + 4)));
  return runs.length < 2 ? 0 : 1 - new Set(runs).size / runs.length;
}
