import { Failure, messageOf } from '../errors.ts';
import type { ChatTemplate } from './chat-template.ts';
import type { Conversation } from './conversations.ts';
import { renderChat } from './render.ts';

/**
 * Conversations as one text, in their order. A begin-of-text token before a conversation is left out: the tools put one before every chunk
 * themselves. Throws Failure with the line of the conversation that the template refuses.
 */
export function renderConversations(template: ChatTemplate, conversations: Conversation[]): string {
  return conversations.map((conversation) => rendered(template, conversation)).join('');
}

function rendered(template: ChatTemplate, { line, messages }: Conversation): string {
  try {
    const text = withoutBos(renderChat(template, messages, { answer: false }), template.bos);
    return text.endsWith('\n') ? text : `${text}\n`;
  } catch (thrown) {
    throw thrown instanceof Failure ? new Failure(`line ${line}: ${messageOf(thrown)}`) : thrown;
  }
}

function withoutBos(text: string, bos: string): string {
  return bos !== '' && text.startsWith(bos) ? withoutBos(text.slice(bos.length), bos) : text;
}
