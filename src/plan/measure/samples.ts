import type { Prompt } from '../../pipeline/pipeline.ts';
import type { Row } from '../planned.ts';
import type { TaskBook } from '../task-book.ts';
import type { Asked, Question } from './sample-params.ts';
import { benchThreads, speedIdentity } from './speed.ts';

/** Every prompt answered by one row's file, alone on the machine with all its threads: how it rounds depends on their number, how long it takes on everything. */
export function samples(book: TaskBook, { name, file }: Pick<Row, 'name' | 'file'>): string | null {
  const { samples, tools } = book.pipeline;
  const { prompts } = book.facts;
  if (!samples || !prompts) return null;
  const { tokens, template, system } = samples;
  return book.add('samples', name, {
    params: {
      questions: Object.fromEntries(prompts.map((prompt, i) => [i + 1, questionOf(prompt)])),
      system,
      template,
      tokens,
      threads: benchThreads(book.pipeline, book.facts),
      gpuLayers: tools.gpuLayers,
      args: tools.args.completion ?? [],
    },
    inputs: { model: file },
    outputs: [],
    identity: speedIdentity(book),
    exclusive: true,
  });
}

/** What was asked, for people; null where nothing is. */
export function askedOf({ pipeline, facts }: TaskBook): Asked | null {
  const { samples } = pipeline;
  if (!samples || !facts.prompts) return null;
  return {
    tokens: samples.tokens,
    threads: benchThreads(pipeline, facts),
    prompts: facts.prompts.map((prompt) => ({
      name: prompt.name,
      text: inWords(prompt, samples.system),
      ...(prompt.must === undefined ? {} : { must: prompt.must }),
    })),
  };
}

function questionOf(prompt: Prompt): Question {
  return 'messages' in prompt ? prompt.messages : prompt.text;
}

function inWords(prompt: Prompt, system: string | null): string {
  const asked = 'messages' in prompt ? prompt.messages : [{ role: 'user', content: prompt.text }];
  const messages = system === null || asked[0]?.role === 'system' ? asked : [{ role: 'system', content: system }, ...asked];
  return messages.length === 1 ? (messages[0]?.content ?? '') : messages.map(({ role, content }) => `${role}: ${content}`).join('\n');
}
