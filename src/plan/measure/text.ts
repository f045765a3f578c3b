import type { Evaluation, TextSource } from '../../pipeline/pipeline.ts';
import type { FileFact } from '../facts.ts';
import type { Input } from '../task.ts';
import type { TaskBook } from '../task-book.ts';

/** A text as a tool reads it. Conversations are rendered first, by the template of the model that the text is for. */
export function textInput(book: TaskBook, model: Input[], text: TextSource, file: FileFact, as: { what: string; name: string }): Input {
  if (!text.chat) return { name: as.name, source: file };
  const task = book.add('render', as.what, {
    params: {},
    inputs: { model, conversations: [{ name: 'conversations.jsonl', source: file }] },
    outputs: ['text.txt'],
    identity: {},
  });
  return { name: as.name, source: { task, output: 'text.txt' } };
}

/** What is known of a text before anything is made of it. */
export interface Measured extends Omit<Evaluation, 'chunks'> {
  /** Null for the first text, whose tasks are named without one. */
  suffix: string | null;
  file: FileFact;
  chunks: number | 'all';
  atMost?: true;
}

/** The texts of a pipeline with the numbers of chunks that this plan has. */
export function measuredTexts({ pipeline, facts, autoChunks }: Pick<TaskBook, 'pipeline' | 'facts' | 'autoChunks'>): Measured[] {
  return pipeline.evaluate.flatMap((evaluation, i): Measured[] => {
    const file = facts.evaluations[i];
    if (!file) return [];
    const suffix = i === 0 ? null : evaluation.name;
    const { chunks, ...rest } = evaluation;
    return [chunks === 'auto' ? { ...rest, suffix, file, chunks: autoChunks, atMost: true } : { ...rest, suffix, file, chunks }];
  });
}

/** How a text came about, for who reads the numbers; absent for a file of text. */
export function renderingOf({ chat }: TextSource): { rendering?: string } {
  return chat ? { rendering: asChat } : {};
}

const asChat = "conversations by the model's own chat template; llama-perplexity reads its special tokens as plain text";
