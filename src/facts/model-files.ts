import { join } from 'node:path';
import { namesIn, statOf } from '../pipeline/paths.ts';
import type { Trust } from '../pipeline/pipeline.ts';
import { parseObject } from './parse-json.ts';
import { readSmall } from './read-small.ts';
import { selectFiles } from './select-files.ts';
import type { Selection } from './selection.ts';

export interface ModelFolder extends Selection {
  config: Record<string, unknown>;
}

/** Chooses what convert needs from a folder in the Hub's layout. Throws UserError when it is none. */
export function readModelFolder(path: string, trust: Trust[]): ModelFolder {
  const names = filesIn(path);
  const text = (name: string) => (names.includes(name) ? readSmall(join(path, name)) : null);
  const selection = selectFiles({ names, text, where: path, trust });
  return { ...selection, config: parseObject(text('config.json') ?? '', join(path, 'config.json')) };
}

/** Files of a folder and of the folders in it, by their paths from there; none that are hidden, and none that cannot be looked at. */
function filesIn(folder: string): string[] {
  const inner = (name: string) => namesIn(join(folder, name)).map((below) => `${name}/${below}`);
  return namesIn(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => (statOf(join(folder, name))?.isDirectory() ? inner(name) : [name]))
    .filter((name) => statOf(join(folder, name))?.isFile());
}
