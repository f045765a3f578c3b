import { readFileSync } from 'node:fs';
import { explaining } from './explain.ts';
import { identityOf, newHash } from './identity.ts';
import type { Office } from './office.ts';
import { missingOffline } from './offline.ts';
import type { Patience } from './patiently.ts';
import { HubFailure } from './problems.ts';
import { receive } from './receive.ts';
import { etagOf, type HubFile, type Tree } from './repo.ts';
import type { Range } from './source.ts';

/** A piece of a file. Nothing can be verified by a piece. */
export async function readRange(office: Office, tree: Tree, file: HubFile, range: Range, signal?: AbortSignal): Promise<Buffer> {
  if (office.site.offline) throw missingOffline(tree.repo, [file], office);
  const end = Math.min(range.end, file.size);
  return await explaining({ repo: tree.repo, file: file.path }, office, async () =>
    range.start >= end ? Buffer.alloc(0) : await bytesOf(office, tree, file, { start: range.start, end }, patience(office, signal)),
  );
}

/** A whole small file, from the cache or the network. */
export async function readSmall(office: Office, tree: Tree, file: HubFile, signal?: AbortSignal): Promise<Buffer> {
  return await explaining({ repo: tree.repo, file: file.path }, office, async () => {
    const here = await office.cacheOf(tree.repo).verified(file, signal ? { signal } : {});
    if (here === null && office.site.offline) throw missingOffline(tree.repo, [file], office);
    return here ? readFileSync(here) : await wholeFile(office, tree, file, patience(office, signal));
  });
}

/** All bytes of a file in memory, verified. What changed on its way is fetched once more. Throws content-mismatch. */
export async function wholeFile(office: Office, tree: Tree, file: HubFile, patience: WholeFilePatience): Promise<Buffer> {
  for (let again = false; ; again = true) {
    const bytes = file.size === 0 ? Buffer.alloc(0) : await bytesOf(office, tree, file, { start: 0, end: file.size }, patience);
    const etag = newHash(identityOf(file)).update(bytes).digest('hex');
    if (etag === etagOf(file)) return bytes;
    if (again || file.size === 0) throw contentMismatch(tree, file, etag);
    patience.onRepair?.();
    office.sourceOf(tree, file).forget();
  }
}

export interface WholeFilePatience extends Patience {
  onBytes?: (count: number) => void;
  /** What has come is wrong, and is fetched once more. */
  onRepair?: () => void;
}

export function contentMismatch({ repo, commit }: Tree, file: HubFile, etag: string): HubFailure {
  return new HubFailure(
    'content-mismatch',
    `${file.path} of ${repo.name} came wrong twice: at ${commit} it has to be ${etagOf(file)}, and what comes is ${etag}. Nothing of it is used. ` +
      'If it happens again, tell those who run the Hub, or look for a proxy that changes what it passes on',
  );
}

async function bytesOf(office: Office, tree: Tree, file: HubFile, range: Range, patience: WholeFilePatience): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(range.end - range.start);
  let at = 0;
  const keep = (chunk: Buffer) => {
    at += chunk.copy(bytes, at);
    patience.onBytes?.(chunk.length);
  };
  await office.connections(async () => await receive(office.sourceOf(tree, file), range, keep, patience));
  return bytes;
}

function patience({ site: { timing } }: Office, signal: AbortSignal | undefined): Patience {
  return { timing, signal };
}
