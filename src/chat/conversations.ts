import { Failure } from '../errors.ts';
import type { Message } from './render.ts';

/** A conversation with the line of its file. */
export interface Conversation {
  line: number;
  messages: Message[];
}

/**
 * Conversations as people keep them, one a line of JSON: OpenAI's `{"messages": [{"role", "content"}]}` or ShareGPT's
 * `{"conversations": [{"from", "value"}]}`. Empty lines are passed over, the order is kept.
 * Throws Failure with the line of the first mistake.
 */
export function readConversations(text: string): Conversation[] {
  const conversations = text
    .split('\n')
    .flatMap((line, i) => (line.trim() === '' ? [] : [{ line: i + 1, messages: messagesOf(line, `line ${i + 1}`) }]));
  if (conversations.length === 0) throw new Failure('there are no conversations in it');
  return conversations;
}

function messagesOf(line: string, at: string): Message[] {
  const { messages, conversations } = parsed(line, at);
  const written = messages ?? conversations;
  if (!Array.isArray(written) || written.length === 0)
    throw new Failure(`${at}: a conversation is \`{"messages": [...]}\` or \`{"conversations": [...]}\`, with a turn at least`);
  return written.map((turn: unknown, i) => message(turn, `${at}, turn ${i + 1}`));
}

function parsed(line: string, at: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw new Failure(`${at}: it is no object of JSON`);
}

/** ShareGPT's names of those who speak. */
const roles: Record<string, string> = { human: 'user', gpt: 'assistant', chatgpt: 'assistant', bard: 'assistant', bing: 'assistant' };

function message(turn: unknown, at: string): Message {
  const { role, content, from, value } = (typeof turn === 'object' && turn !== null ? turn : {}) as Record<string, unknown>;
  const speaker = role ?? (typeof from === 'string' ? (roles[from] ?? from) : undefined);
  if (typeof speaker !== 'string' || speaker === '') throw new Failure(`${at}: it does not say who speaks (\`role\` or \`from\`)`);
  return { role: speaker, content: contentOf(content ?? value, at) };
}

/** A text, or a list of parts that are texts. */
function contentOf(content: unknown, at: string): string {
  if (typeof content === 'string') return content;
  const parts = Array.isArray(content) ? (content as Record<string, unknown>[]) : [];
  const texts = parts.flatMap((part) => (typeof part?.['text'] === 'string' ? [part['text']] : []));
  if (parts.length === 0 || texts.length < parts.length) throw new Failure(`${at}: only text can be rendered (\`content\` or \`value\`)`);
  return texts.join('\n');
}
