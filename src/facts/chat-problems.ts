import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChatTemplate, readChatTemplate } from '../chat/chat-template.ts';
import { type Conversation, readConversations } from '../chat/conversations.ts';
import { renderConversations } from '../chat/render-all.ts';
import { Failure } from '../errors.ts';
import { type Here, isOnHub, type ModelSource, type Pipeline, type TextSource } from '../pipeline/pipeline.ts';
import { readPrompts } from '../pipeline/prompts-file.ts';
import { textsOf } from '../pipeline/text-rules.ts';
import type { PlanProblem } from '../plan/problems.ts';
import { parseObject } from './parse-json.ts';
import { readSmall } from './read-small.ts';

/** Conversations that cannot be rendered, and a model that says nothing of how: told before hours of work. What is on the Hub has to be located first. */
export function chatProblems(pipeline: Pipeline): PlanProblem[] {
  const { model } = pipeline;
  const chats = textsOf(pipeline).flatMap(({ at, text }) => (isChatHere(text) ? [{ at, path: text.path, name: text.name }] : []));
  const talks = talksIn(pipeline.samples);
  if (chats.length + talks.length === 0) return [];
  const here = isHere(model) ? model : null;
  const template = here && templateOf(here);
  const message = 'the model has no chat template';
  if (here && !template)
    return [
      ...chats.map(({ at }) => ({ at, message, fix: 'name a text file instead of `chat`' })),
      ...talks.map((at) => ({ at, message, fix: 'ask in texts for the model to go on with' })),
    ];
  return chats.flatMap(({ at, path, name }) => problemsOf(at, name, path, template));
}

/** Where samples are written in a way that only a chat template can put to a model. */
function talksIn(samples: Pipeline['samples']): string[] {
  if (!samples) return [];
  const { prompts, system } = samples;
  const written = Array.isArray(prompts) ? prompts.flatMap((prompt, i) => ('messages' in prompt ? [`/samples/prompts/${i}`] : [])) : [];
  const inFile = !Array.isArray(prompts) && holdsTalks(prompts.path) ? ['/samples/file'] : [];
  return [...(system === null ? [] : ['/samples/system']), ...written, ...inFile];
}

/** What else is wrong with the file is told where it is read. */
function holdsTalks(path: string): boolean {
  const read = existsSync(path) ? readPrompts(path) : null;
  return read?.ok === true && read.prompts.some((prompt) => 'messages' in prompt);
}

function isChatHere(text: TextSource): text is TextSource<Here> {
  return text.chat === true && !isOnHub(text) && existsSync(text.path);
}

function problemsOf(at: string, name: string, path: string, template: ChatTemplate | null): PlanProblem[] {
  try {
    const conversations = readConversations(readFileSync(path, 'utf8'));
    if (template) renderConversations(template, oneOfEachKind(conversations));
    return [];
  } catch (thrown) {
    if (thrown instanceof Failure) return [{ at, message: `${name}, ${thrown.message}` }];
    throw thrown;
  }
}

/** What a template refuses is who speaks when: one conversation of each such order tells, and thousands would take long. */
function oneOfEachKind(conversations: Conversation[]): Conversation[] {
  const kinds = new Map<string, Conversation>();
  for (const conversation of conversations) {
    const kind = conversation.messages.map(({ role }) => role).join(' ');
    if (!kinds.has(kind)) kinds.set(kind, conversation);
  }
  return [...kinds.values()];
}

function isHere(model: ModelSource): model is ModelSource<Here> {
  return !isOnHub(model) && !(model.adapter && isOnHub(model.adapter));
}

/** An adapter that brings a tokenizer brings its template, or none. */
function templateOf({ kind, path, adapter }: ModelSource<Here>): ChatTemplate | null {
  if (kind === 'gguf') return readChatTemplate(path);
  const own = adapter && templateInFolder(adapter.path);
  const decides = own || (adapter && existsSync(join(adapter.path, 'tokenizer_config.json')));
  return decides ? own : templateInFolder(path);
}

/** Where the converter looks for it, in its order. The special tokens stand in for those that the GGUF will have: they refuse nothing. */
function templateInFolder(folder: string): ChatTemplate | null {
  const read = (name: string) => (existsSync(join(folder, name)) ? readSmall(join(folder, name)) : null);
  const config = (name: string) => {
    const text = read(name);
    return text === null ? null : defaultOf(parseObject(text, join(folder, name))['chat_template']);
  };
  const source = config('tokenizer_config.json') ?? read('chat_template.jinja') ?? config('chat_template.json');
  return source ? { source, bos: '<s>', eos: '</s>' } : null;
}

/** A template, or a list of them with names. */
function defaultOf(written: unknown): string | null {
  if (typeof written === 'string') return written;
  const templates = Array.isArray(written) ? (written as { name?: unknown; template?: unknown }[]) : [];
  const found = templates.find(({ name }) => name === 'default')?.template;
  return typeof found === 'string' ? found : null;
}
