import { basename } from 'node:path';
import { textTag } from '../../pipeline/text-name.ts';

type Part = Record<string, unknown>;

/** Names of the further texts that a pipeline evaluates, as it is written. */
export function sliceNames(evaluate: unknown): string[] {
  const [, ...further] = Array.isArray(evaluate) ? (evaluate as unknown[]) : [];
  return further.flatMap((entry) => {
    const { name, text = 'default' } = typeof entry === 'string' ? { text: entry } : ((entry ?? {}) as Part);
    const file = fileOf(text);
    return typeof name === 'string' ? name : file === null ? [] : textTag(basename(file));
  });
}

/** Of a text with a name, the name itself. */
function fileOf(text: unknown): string | null {
  if (typeof text === 'string') return text;
  const { member, path, file, chat } = (text ?? {}) as Part;
  const named = [member, path, file, typeof chat === 'object' ? (chat as Part | null)?.['file'] : chat];
  return named.find((one) => typeof one === 'string') ?? null;
}

const choiceTasks: Record<string, string> = { hellaswag: 'hellaswag', winogrande: 'winogrande', multipleChoice: 'multiple-choice' };

/** Kinds of questions that a pipeline puts to its rows. */
export function choiceNames(choices: unknown): string[] {
  return typeof choices === 'object' && choices !== null ? Object.keys(choices).flatMap((key) => choiceTasks[key] ?? []) : [];
}
