import { expect, test } from 'vitest';
import { type Message, renderChat } from '../../../src/chat/render.ts';

const question: Message[] = [{ role: 'user', content: 'Why?' }];
const template = (source: string) => ({ source, bos: '<s>', eos: '</s>' });
const chatml =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

test('a conversation ends where the answer begins, when an answer is wanted', () => {
  expect(renderChat(template(chatml), question, { answer: true })).toBe('<|im_start|>user\nWhy?<|im_end|>\n<|im_start|>assistant\n');
  expect(renderChat(template(chatml), question, { answer: false })).toBe('<|im_start|>user\nWhy?<|im_end|>\n');
});

test("the model's tokens of begin and end are known to the template", () => {
  expect(renderChat(template('{{ bos_token }}{{ messages[0].content }}{{ eos_token }}'), question, { answer: true })).toBe('<s>Why?</s>');
});

test('a template that asks for the date is told the same one on every day, in English', () => {
  const dated = template("{{ strftime_now('%A, %d %B %Y %H:%M %j 100%%') }}");
  expect(renderChat(dated, question, { answer: true })).toBe('Wednesday, 01 January 2025 00:00 %j 100%');
});

test('a template that refuses a role is quoted', () => {
  const strict = template("{{ raise_exception('System role not supported') }}");
  expect(() => renderChat(strict, question, { answer: true })).toThrow("the model's chat template says: System role not supported");
});

test('a template that is none is said to be broken', () => {
  expect(() => renderChat(template('{% if %}'), question, { answer: true })).toThrow(/^the model's chat template says: /);
});
