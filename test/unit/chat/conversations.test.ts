import { describe, expect, test } from 'vitest';
import { readConversations } from '../../../src/chat/conversations.ts';
import { renderConversations } from '../../../src/chat/render-all.ts';

const openAi = '{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}';
const shareGpt =
  '{"id": 7, "conversations": [{"from": "system", "value": "Be brief"}, {"from": "human", "value": "Hi"}, {"from": "gpt", "value": "Hello"}]}';

describe('conversations are read', () => {
  test("as OpenAI's and as ShareGPT's, in their order, with their lines", () => {
    const read = readConversations(`${openAi}\n\n${shareGpt}\r\n`);
    expect(read.map(({ line, messages }) => [line, messages.map(({ role, content }) => `${role}: ${content}`)])).toEqual([
      [1, ['user: Hi', 'assistant: Hello']],
      [3, ['system: Be brief', 'user: Hi', 'assistant: Hello']],
    ]);
  });

  test('with contents in parts, as far as they are texts', () => {
    const parts = (...content: unknown[]) => JSON.stringify({ messages: [{ role: 'user', content }] });
    expect(readConversations(parts({ type: 'text', text: 'a' }, { type: 'text', text: 'b' }))[0]?.messages).toEqual([
      { role: 'user', content: 'a\nb' },
    ]);
    expect(() => readConversations(parts({ type: 'text', text: 'a' }, { type: 'image_url' }))).toThrow(
      'line 1, turn 1: only text can be rendered',
    );
  });

  test.each([
    ['no JSON', 'line 2: it is no object of JSON'],
    ['"text"', 'line 2: it is no object of JSON'],
    ['{"text": "a story"}', 'line 2: a conversation is `{"messages": [...]}`'],
    ['{"messages": []}', 'line 2: a conversation is'],
    ['{"messages": [{"content": "Hi"}]}', 'line 2, turn 1: it does not say who speaks'],
    ['{"messages": [null]}', 'line 2, turn 1: it does not say who speaks'],
    ['{"messages": [{"role": "user", "content": null}]}', 'line 2, turn 1: only text can be rendered'],
  ])('but not %s', (line, message) => {
    expect(() => readConversations(`${openAi}\n${line}\n`)).toThrow(message);
  });

  test('but not from an empty file', () => {
    expect(() => readConversations('\n \n')).toThrow('there are no conversations in it');
  });
});

describe('conversations are rendered', () => {
  const source =
    "{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no system here') }}{% endif %}<|{{ m.role }}|>{{ m.content }}{{ eos_token }}{% endfor %}";
  const template = { source, bos: '<s>', eos: '</s>' };

  test('by the template, without the begin-of-text token that the tools put there themselves', () => {
    expect(renderConversations(template, readConversations(`${openAi}\n${openAi}`))).toBe(
      '<|user|>Hi</s><|assistant|>Hello</s>\n'.repeat(2),
    );
    const twice = { ...template, source: `<s>${source}` };
    expect(renderConversations(twice, readConversations(openAi))).toBe('<|user|>Hi</s><|assistant|>Hello</s>\n');
  });

  test('and one that the template refuses is named by its line', () => {
    expect(() => renderConversations(template, readConversations(`${openAi}\n${shareGpt}`))).toThrow(/^line 2: .*no system here/);
  });
});
