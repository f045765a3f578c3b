import { expect, test } from 'vitest';
import { readChatTemplate } from '../../../src/chat/chat-template.ts';
import { ggufHead, type KeyValue, stringsValue, stringValue, u32Value } from '../../../src/gguf/write.ts';
import { temporary } from '../gguf/temporary.ts';

const tokens = ['<unk>', '<s>', '</s>', ...Array.from({ length: 100 }, (_, i) => `token${i}`)];
const vocabulary: KeyValue = ['tokenizer.ggml.tokens', stringsValue(tokens)];

function gguf(...metadata: KeyValue[]): string {
  return temporary(ggufHead([['general.architecture', stringValue('llama')], ...metadata], []));
}

test('the template comes with the words for begin and end, which lie before or after it', () => {
  const path = gguf(
    ['tokenizer.ggml.eos_token_id', u32Value(102)],
    vocabulary,
    ['tokenizer.ggml.bos_token_id', u32Value(1)],
    ['tokenizer.chat_template', stringValue('{{ messages }}')],
  );
  expect(readChatTemplate(path)).toEqual({ source: '{{ messages }}', bos: '<s>', eos: 'token99' });
});

test('a token that the vocabulary does not have is written as nothing', () => {
  const path = gguf(vocabulary, ['tokenizer.ggml.bos_token_id', u32Value(103)], ['tokenizer.chat_template', stringValue('x')]);
  expect(readChatTemplate(path)).toEqual({ source: 'x', bos: '', eos: '' });
});

test.each([[[]], [[['tokenizer.chat_template', stringValue(' ')] as KeyValue]]])('a model without a template has none', (metadata) => {
  expect(readChatTemplate(gguf(vocabulary, ...metadata))).toBeNull();
});
