import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { pathFrom } from './written-model.ts';

/** Where an editor finds the schema from a folder: beside the file, or in qpipe where that is a part of the same project. Null elsewhere: the file may be moved to another machine. */
export function schemaNearby(folder: string): string | null {
  if (existsSync(join(folder, 'schema.json'))) return './schema.json';
  const project = dirname(packageRoot).endsWith('node_modules') ? join(packageRoot, '..', '..') : packageRoot;
  const isInside = !relative(project, folder).startsWith('..');
  return isInside ? pathFrom(folder, join(packageRoot, 'pipelines', 'schema.json')) : null;
}
