import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readChatTemplate } from '../../chat/chat-template.ts';
import { readConversations } from '../../chat/conversations.ts';
import { renderConversations } from '../../chat/render-all.ts';
import { Failure, messageOf } from '../../errors.ts';
import type { Operation } from '../operation.ts';
import { fileName } from './names.ts';

interface RenderResult {
  conversations: number;
  bytes: number;
}

/** Conversations to the text that the model would see them as. */
export const render: Operation<'render'> = async ({ task, folder }) => {
  const template = readChatTemplate(join(folder, fileName(task, 'model')));
  if (!template) throw new Failure('the model has no chat template: name a text file instead of `chat`');
  const [{ source } = { source: null }] = task.inputs['conversations'] ?? [];
  const name = source && 'path' in source ? source.name : 'the file of conversations';
  try {
    const conversations = readConversations(readFileSync(join(folder, fileName(task, 'conversations')), 'utf8'));
    const text = renderConversations(template, conversations);
    writeFileSync(join(folder, 'text.txt'), text);
    return { conversations: conversations.length, bytes: Buffer.byteLength(text) } satisfies RenderResult;
  } catch (thrown) {
    throw thrown instanceof Failure ? new Failure(`${name}, ${messageOf(thrown)}`) : thrown;
  }
};
