import { basename, dirname, join } from 'node:path';

/** All shards of `x-00001-of-00003.gguf`, in order; for a file that is not split, itself. */
export function splitSiblings(path: string): string[] {
  const match = /^(.*)-\d{5}-of-(\d{5})\.gguf$/.exec(basename(path));
  if (!match) return [path];
  const [, stem, count = ''] = match;
  return Array.from({ length: Number(count) }, (_, i) => join(dirname(path), `${stem}-${String(i + 1).padStart(5, '0')}-of-${count}.gguf`));
}
