import { isDeepStrictEqual } from 'node:util';
import type { GgufValue } from '../gguf/metadata.ts';

/** What the tokenizer's files say, as transformers reads them. */
export interface Probed {
  texts: ProbedText[];
  /** What every token of `texts` is written as. */
  pieces: Record<string, string>;
  /** By llama.cpp's name of it: `bos`, `eos`, `unknown`, `padding`. Null where the tokenizer has none. */
  special: Record<string, { id: number; text: string } | null>;
  /** The chat template that is used when none is named. */
  template: string | null;
}

interface ProbedText {
  /** What it tries: `digits`, `emoji`, a conversation. */
  name: string;
  text: string;
  ids: number[];
  /** The same, when what follows a special token is read as a text of its own. */
  apart: number[];
}

/** SentencePiece in llama.cpp begins every text after a special token with a space, whatever the tokenizer's files say. That is its way with all such models. */
export function isReadApart({ ids: wanted, apart }: ProbedText, ids: number[]): boolean {
  return !isDeepStrictEqual(wanted, ids) && isDeepStrictEqual(apart, ids);
}

/** The first token at which llama.cpp reads another one than Python; null when all are the same. */
export function firstOtherId({ name, ids: wanted, text }: ProbedText, ids: number[], pieces: Probed['pieces']): string | null {
  const at = Array.from({ length: Math.max(wanted.length, ids.length) }, (_, i) => i).find((i) => wanted[i] !== ids[i]);
  if (at === undefined) return null;
  const shown = (id: number | undefined) =>
    id === undefined ? 'ends' : `has ${id}${pieces[id] === undefined ? '' : ` (${JSON.stringify(pieces[id])})`}`;
  const before = wanted.slice(0, at).map((id) => pieces[id] ?? '');
  return `the tokenizer came out as another one: of the ${name} ${JSON.stringify(excerpt(text))}, token ${at + 1} differs${after(before)}: Python ${shown(wanted[at])}, llama.cpp ${shown(ids[at])}; ${cause}`;
}

/** A special token whose number in the GGUF is not that of the tokenizer's files. */
export function otherSpecialToken({ special }: Probed, metadata: ReadonlyMap<string, GgufValue>): string | null {
  for (const [name, token] of Object.entries(special)) {
    const written = metadata.get(`tokenizer.ggml.${name}_token_id`);
    if (token === null || written === token.id) continue;
    const said = `the tokenizer's files say ${token.id} (${JSON.stringify(token.text)})`;
    // Few models are trained to pad, and the converter leaves it out then.
    if (written === undefined && name !== 'eos') continue;
    return `the ${name} token of the converted model is ${written ?? 'missing'}, and ${said}; ${cause}`;
  }
  return null;
}

export function otherTemplate({ template }: Probed, metadata: ReadonlyMap<string, GgufValue>): string | null {
  const written = metadata.get('tokenizer.chat_template') ?? null;
  if (written === template) return null;
  if (template === null) return `the converted model has a chat template, and the tokenizer's files have none; ${cause}`;
  return `the converted model ${written === null ? 'has no chat template' : 'has another chat template than the tokenizer’s files'}; ${cause}`;
}

const cause =
  "the adapter's tokenizer files do not belong together, or llama.cpp does not know this tokenizer: take those that it was trained with, whole";

function after(pieces: string[]): string {
  return pieces.length === 0 ? '' : ` after ${JSON.stringify(pieces.slice(-3).join(''))}`;
}

function excerpt(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
