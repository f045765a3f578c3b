import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageRoot } from '../package-root.ts';

export const tablesFolder = join(packageRoot, 'vendor', 'published');

/** Names of the tables that ship with qpipe. */
export function idsOfTables(): string[] {
  return readdirSync(tablesFolder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => basename(name, '.yaml'))
    .sort();
}
