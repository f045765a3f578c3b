import { Failure, messageOf } from '../errors.ts';
import { readString, skipValue } from './metadata.ts';
import { FileReader } from './reader.ts';

const stringArray = { type: 9, element: 8 };

/**
 * What some tokens are written as, by their number; a number beyond the vocabulary is left out.
 * `readGguf` reads past vocabularies, so this is a second look at the file. Throws Failure for what is no GGUF.
 */
export function readTokenTexts(path: string, ids: number[]): Map<number, string> {
  try {
    using reader = new FileReader(path);
    reader.skip(16);
    const keys = reader.u64();
    for (let i = 0; i < keys; i++) {
      if (readString(reader) === 'tokenizer.ggml.tokens') return textsIn(reader, ids);
      skipValue(reader);
    }
    return new Map();
  } catch (thrown) {
    throw new Failure(`the vocabulary of ${path} cannot be read: ${messageOf(thrown)}`);
  }
}

function textsIn(reader: FileReader, ids: number[]): Map<number, string> {
  if (reader.u32() !== stringArray.type || reader.u32() !== stringArray.element) throw new RangeError('it is no list of texts');
  const length = reader.u64();
  const wanted = new Set(ids);
  const last = Math.min(length - 1, Math.max(-1, ...ids));
  const texts = new Map<number, string>();
  for (let id = 0; id <= last; id++) {
    if (wanted.has(id)) texts.set(id, readString(reader));
    else reader.skip(reader.u64());
  }
  return texts;
}
