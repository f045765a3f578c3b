import { lock } from '../store/lock.ts';
import { hashBehind } from './hash-behind.ts';
import { identityOf } from './identity.ts';
import type { Office } from './office.ts';
import { Partial, partialPaths, type Segment } from './partial.ts';
import type { Watch } from './progress.ts';
import { contentMismatch } from './read.ts';
import { receive } from './receive.ts';
import { etagOf, type HubFile, type Tree } from './repo.ts';
import { together } from './together.ts';

/** One file on its way into the cache. */
export interface Job {
  office: Office;
  tree: Tree;
  file: HubFile;
  watch: Watch;
  /** Takes what was wrong and has been put right, in sentences. */
  mended: string[];
  signal: AbortSignal;
}

/** Brings a file in segments, over several connections, and goes on where an earlier attempt ended. Throws content-mismatch and all of Source. */
export async function download(job: Job): Promise<void> {
  const { office, tree, file, watch, mended, signal } = job;
  const cache = office.cacheOf(tree.repo);
  // A lock saves work; that nothing wrong is published is the hash's doing.
  using _lock = await lock(cache.own(`${etagOf(file)}.lock`), {
    what: `fetch ${file.path}`,
    signal,
    onWait: () => watch.enter('waiting'),
  });
  if (await cache.verified(file, { signal, onProgress: (done) => watch.checked(done) })) return watch.done();
  watch.startAgain();
  mended.push(...cache.quarantine(file));
  const partial = await openPartial(job);
  try {
    await bringVerified(job, partial);
    await partial.publish(cache.blob(file));
    cache.vouchFor(file);
  } finally {
    await partial.close();
  }
  watch.done();
}

async function openPartial({ office, tree, file, watch, signal }: Job): Promise<Partial> {
  const head = { etag: etagOf(file), size: file.size, segment: office.site.segmentBytes ?? usualSegment(file.size) };
  const onKept = (bytes: number) => {
    watch.enter('checking');
    watch.kept(bytes);
  };
  return await Partial.open(partialPaths(office.cacheOf(tree.repo), file), head, { signal, onKept });
}

/** Twelve thousand requests for 800 GB. */
function usualSegment(size: number): number {
  return size < 4 * 2 ** 30 ? 16 << 20 : 64 << 20;
}

/** What was wrong when all had come is fetched once more: the CRCs are of what came, and cannot tell which segment it was. */
async function bringVerified(job: Job, partial: Partial): Promise<void> {
  const { office, tree, file, watch, mended } = job;
  watch.enter('downloading');
  if ((await bring(job, partial)) === etagOf(file)) return;
  watch.enter('repairing');
  watch.startAgain();
  office.sourceOf(tree, file).forget();
  const before = partial.restart();
  const etag = await bring(job, partial);
  if (etag !== etagOf(file)) {
    partial.setAside();
    throw contentMismatch(tree, file, etag);
  }
  mended.push(`${file.path} came wrong at first: ${partial.differences(before)} of its ${partial.segments.length} parts were replaced`);
}

/** Brings what is missing. Returns the ETag of what is there then. */
async function bring(job: Job, partial: Partial): Promise<string> {
  const { office, file, signal } = job;
  const hash = hashBehind(partial.fd, file.size, identityOf(file));
  try {
    hash.upTo(partial.frontier);
    const { missing } = partial;
    const worker = async (stop: AbortSignal) => {
      for (let segment = missing.shift(); segment; segment = missing.shift()) {
        await bringSegment({ ...job, signal: stop }, partial, segment);
        hash.upTo(partial.frontier);
      }
    };
    const workers = Array.from({ length: Math.min(office.site.connections, missing.length) }, () => worker);
    await together(workers, signal);
    return await hash.digest(signal);
  } finally {
    await hash.end();
  }
}

async function bringSegment({ office, tree, file, watch, signal }: Job, partial: Partial, segment: Segment): Promise<void> {
  await office.connections(async () => {
    const writer = partial.writer(segment);
    const sink = (bytes: Buffer) => {
      watch.came(bytes.length);
      return writer.write(bytes);
    };
    const patience = { timing: office.site.timing, signal, onRetry: () => watch.retried() };
    await receive(office.sourceOf(tree, file), segment, sink, patience);
    partial.done(segment, await writer.end());
  });
}
