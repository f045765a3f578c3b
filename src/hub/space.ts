import { statSync } from 'node:fs';
import { freeBytes } from '../free-bytes.ts';
import type { RepoCache } from './cache.ts';
import { partialPaths } from './partial.ts';
import { HubFailure } from './problems.ts';
import type { HubFile } from './repo.ts';

/** Of what is fetched: file systems do not give away their last bytes. */
const margin = 1.05;

/** Before the first byte comes. What an earlier attempt left lies there already. Throws disk-full. */
export function checkSpace(cache: RepoCache, files: HubFile[]): void {
  const toCome = files.reduce((total, file) => total + Math.max(0, file.size - allocated(cache, file)), 0);
  const needed = Math.ceil(toCome * margin);
  const free = freeBytes(cache.folder);
  if (free >= needed) return;
  throw new HubFailure(
    'disk-full',
    `${cache.repo.name} needs ${gigabytes(needed)} more in ${cache.folder}, where ${gigabytes(free)} are free; nothing was fetched. ` +
      'Make room, or let HF_HUB_CACHE name a folder on another disk',
  );
}

function allocated(cache: RepoCache, file: HubFile): number {
  return (statSync(partialPaths(cache, file).part, { throwIfNoEntry: false })?.blocks ?? 0) * 512;
}

function gigabytes(bytes: number): string {
  return bytes < 1e8 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
