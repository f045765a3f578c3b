/** What says how a vocabulary is used: it belongs together, so that all of it comes from one place. */
const settings = ['tokenizer_config.json', 'special_tokens_map.json', 'added_tokens.json', 'chat_template.jinja', 'chat_template.json'];

/** Vocabularies, in the forms that the converter reads. */
const vocabularies = [
  'tokenizer.json',
  'tokenizer.jsonl',
  'tokenizer.model',
  'vocab.json',
  'vocab.txt',
  'merges.txt',
  'spiece.model',
  'sentencepiece.bpe.model',
  'tekken.json',
  'rwkv_vocab_v20230424.txt',
];

export function isTokenizerFile(name: string): boolean {
  return isTokenizerSetting(name) || vocabularies.includes(name) || /^[^/]+\.tiktoken$/.test(name);
}

export function isTokenizerSetting(name: string): boolean {
  return settings.includes(name) || /^additional_chat_templates\/[^/]+\.jinja$/.test(name);
}
