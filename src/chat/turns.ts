import { Failure } from '../errors.ts';
import type { ChatTemplate } from './chat-template.ts';
import { type Message, renderChat } from './render.ts';

/** What a template writes around each turn, where it writes the same around every one; without the begin-of-text token. */
export interface Turns {
  /** Null for a template that knows no such turn. */
  system: Around | null;
  user: Around;
  assistant: Around;
  /** What the model's answer goes on from. */
  answer: string;
}

interface Around {
  before: string;
  after: string;
}

/**
 * A template as fixed texts around the turns, tried with conversations. Null for one that does more: that adds a system prompt of its own,
 * counts turns, or looks into what is said.
 */
export function turnsOf(template: ChatTemplate): Turns | null {
  const turns = guessed(template);
  return turns && probes(turns).every((messages) => written(turns, messages) === rendered(template, messages)) ? turns : null;
}

/** A conversation as these turns write it, up to where the model answers. */
function written(turns: Turns, messages: Message[]): string {
  const around = (role: string) => turns[role as 'system' | 'user' | 'assistant'] ?? { before: '', after: '' };
  return messages.map(({ role, content }) => `${around(role).before}${content}${around(role).after}`).join('') + turns.answer;
}

const words = { system: 'Sigma', user: 'Upsilon', assistant: 'Alpha', next: 'Nu' };

function guessed(template: ChatTemplate): Turns | null {
  const question = [{ role: 'user', content: words.user }];
  const one = rendered(template, question);
  const closed = rendered(template, question, { answer: false });
  const two = rendered(template, [
    { role: 'user', content: words.user },
    { role: 'assistant', content: words.assistant },
    { role: 'user', content: words.next },
  ]);
  if (one === null || two === null || closed === null) return null;
  const [before = '', rest = null] = one.split(words.user);
  const [, middle = ''] = two.split(words.user);
  const [toAnswer = '', fromAnswer = ''] = middle.split(words.assistant);
  const [between = ''] = fromAnswer.split(words.next);
  const after = closed.split(words.user)[1] ?? '';
  if (!rest?.startsWith(after) || !toAnswer.startsWith(after) || !between.endsWith(before)) return null;
  const assistant = { before: toAnswer.slice(after.length), after: between.slice(0, between.length - before.length) };
  return { system: systemOf(template, before), user: { before, after }, assistant, answer: rest.slice(after.length) };
}

function systemOf(template: ChatTemplate, userBefore: string): Around | null {
  const text = rendered(template, [
    { role: 'system', content: words.system },
    { role: 'user', content: words.user },
  ]);
  const [before = '', rest = ''] = text?.split(words.system) ?? [];
  const [between = ''] = rest.split(words.user);
  return text?.includes(words.system) && between.endsWith(userBefore)
    ? { before, after: between.slice(0, between.length - userBefore.length) }
    : null;
}

function probes({ system }: Turns): Message[][] {
  const user = (content: string) => ({ role: 'user', content });
  const talk = [user('Who are you?'), { role: 'assistant', content: 'A model.\nA small one.' }, user('Say it\n\nin two lines.')];
  const instructed = { role: 'system', content: 'Answer in verse.' };
  return [
    [user('Hello.')],
    talk,
    ...(system
      ? [
          [instructed, user('Hello.')],
          [instructed, ...talk],
        ]
      : []),
  ];
}

/** Null where the template refuses the conversation. */
function rendered(template: ChatTemplate, messages: Message[], how = { answer: true }): string | null {
  try {
    const text = renderChat(template, messages, how);
    return template.bos !== '' && text.startsWith(template.bos) ? text.slice(template.bos.length) : text;
  } catch (thrown) {
    if (thrown instanceof Failure) return null;
    throw thrown;
  }
}
