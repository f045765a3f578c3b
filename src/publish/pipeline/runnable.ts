import { dirname } from 'node:path';
import { stringify } from 'yaml';
import { parseWithExtended } from '../../pipeline/extends.ts';
import type { Pipeline } from '../../pipeline/pipeline.ts';
import { readPipelineText } from '../../pipeline/read-text.ts';
import { type Flat, flatten } from '../../pipeline/tree.ts';
import { fillIn, written } from './fill-in.ts';
import { type Moved, Mover, type NamedFile } from './mover.ts';

/** A pipeline as a stranger can run it beside the files, and the texts that it wants there. */
export interface Runnable {
  yaml: string;
  texts: NamedFile[];
}

/** What a pipeline's file says now, with what it extends, and nothing of where it goes and who is told. Null for one that can no longer be read. */
export function publishedWords({ file }: Pipeline): Flat | null {
  const read = file === null ? null : readPipelineText(file);
  if (file === null || !read?.ok) return null;
  const { tree } = parseWithExtended({ text: read.text, file, folder: dirname(file) }, process.env);
  if (tree?.kind !== 'map') return null;
  // What tells secrets to programs goes before anything is filled in.
  const entries = new Map([...tree.entries].filter(([key]) => !['publish', 'notify'].includes(key)));
  return flatten({ ...tree, entries });
}

/**
 * The words of a pipeline as one file, with those variables filled in that say which files are meant: texts and prompts of this machine lie in `texts/`, known by their digests, and what
 * belongs to this machine or to its runs alone is left out.
 * @param digests by absolute path, as far as they are known
 */
export function runnable(name: string, words: Flat, digests: Map<string, string>): Runnable {
  const { value, variables } = fillIn(words, process.env);
  const moved = new Mover(words.origins, process.env, digests).move({ ...(value as object), name });
  return { yaml: `${headOf(moved, variables)}${stringify(escaped(moved.value), { lineWidth: 0 })}`, texts: moved.texts };
}

function escaped(value: unknown): unknown {
  if (typeof value === 'string') return written(value);
  if (Array.isArray(value)) return value.map(escaped);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, escaped(part)]));
}

function headOf({ texts, missing }: Moved, variables: string[]): string {
  const lines = [
    'This makes the files beside it again: qpipe run qpipe.yaml',
    'With --locked and qpipe.lock.json beside it, from the same commits of the Hub.',
    ...(texts.length > 0
      ? ['Texts are known by their sha256. Those that are not in texts/ were not published; ask who has made the files for them.']
      : []),
    ...missing,
    ...(variables.length > 0
      ? [
          `It needs environment variables, whose values are of those who ran it: ${variables.join(', ')}. Set them, or write something in their place.`,
        ]
      : []),
  ];
  return lines.map((line) => `# ${line}\n`).join('');
}
