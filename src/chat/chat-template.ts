import { readGguf } from '../gguf/header.ts';
import { readTokenTexts } from '../gguf/token-texts.ts';

/** How a model wants a conversation to be written, as its GGUF says. */
export interface ChatTemplate {
  /** A Jinja template. */
  source: string;
  /** What begins and ends a text; empty where the vocabulary has no such token. */
  bos: string;
  eos: string;
}

/** The model's own chat template; null for a model that has none. Throws Failure for what is no GGUF. */
export function readChatTemplate(path: string): ChatTemplate | null {
  const { metadata } = readGguf(path);
  const source = metadata.get('tokenizer.chat_template');
  if (typeof source !== 'string' || source.trim() === '') return null;
  const [bos, eos] = ['bos', 'eos'].map((token) => metadata.get(`tokenizer.ggml.${token}_token_id`));
  const texts = readTokenTexts(
    path,
    [bos, eos].filter((id) => typeof id === 'number'),
  );
  return { source, bos: texts.get(Number(bos)) ?? '', eos: texts.get(Number(eos)) ?? '' };
}
