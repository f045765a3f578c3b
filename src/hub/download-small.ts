import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RepoCache } from './cache.ts';
import type { Job } from './download.ts';
import { wholeFile } from './read.ts';
import { etagOf, type HubFile } from './repo.ts';

/** Brings a file through memory. The caller holds the lock of all small files. */
export async function downloadSmall({ office, tree, file, watch, mended, signal }: Job): Promise<void> {
  const cache = office.cacheOf(tree.repo);
  if (await cache.verified(file, { signal })) return watch.done();
  mended.push(...cache.quarantine(file));
  const bytes = await wholeFile(office, tree, file, {
    timing: office.site.timing,
    signal,
    onRetry: () => watch.retried(),
    onBytes: (count) => watch.came(count),
    onRepair: () => {
      watch.enter('repairing');
      watch.startAgain();
      mended.push(`${file.path} came wrong at first, and was fetched once more`);
    },
  });
  await publish(cache, file, bytes);
  watch.done();
}

async function publish(cache: RepoCache, file: HubFile, bytes: Buffer): Promise<void> {
  const [beside, blob] = [cache.own(`${etagOf(file)}.new`), cache.blob(file)];
  rmSync(beside, { force: true });
  const handle = await open(beside, 'wx', 0o644);
  try {
    await handle.writeFile(bytes);
    await handle.chmod(0o444);
    await handle.sync();
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  mkdirSync(dirname(blob), { recursive: true });
  renameSync(beside, blob);
  cache.vouchFor(file);
}
