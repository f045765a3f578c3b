import { createHash } from 'node:crypto';
import type { LocalFile } from '../hub/writer.ts';

/** A small file that is made in memory. @param path where it is published */
export function textFile(path: string, text: string | Buffer): LocalFile {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return { path, sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, content: { bytes } };
}
