import { readFileSync, statSync } from 'node:fs';
import { messageOf } from '../errors.ts';
import { shownPath } from './diagnostic.ts';

const sizeLimit = 1_000_000;

export type ReadText = { ok: true; text: string } | { ok: false; message: string; fix?: string };

/** Reads a pipeline file, or says why it is none. */
export function readPipelineText(file: string): ReadText {
  const shown = `\`${shownPath(file)}\``;
  try {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (!stat) return { ok: false, message: `${shown} does not exist` };
    if (stat.isDirectory()) return { ok: false, message: `${shown} is a folder`, fix: 'name the pipeline file in it' };
    if (!stat.isFile()) return { ok: false, message: `${shown} is not a file` };
    if (stat.size > sizeLimit) return { ok: false, message: `${shown} is larger than 1 MB: that is no pipeline` };
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file)) };
  } catch (thrown) {
    if (thrown instanceof TypeError && 'code' in thrown && thrown.code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      return { ok: false, message: `${shown} is not UTF-8 text`, fix: 'save it as UTF-8' };
    return { ok: false, message: `${shown} cannot be read: ${messageOf(thrown)}` };
  }
}
