import { realpathSync } from 'node:fs';
import { lock } from '../store/lock.ts';
import type { RepoCache } from './cache.ts';
import { download, type Job } from './download.ts';
import { downloadSmall } from './download-small.ts';
import { explaining } from './explain.ts';
import { fileOfTree } from './file-of-tree.ts';
import type { Fetched, FetchRequest } from './hub.ts';
import { checkedCommit, checkedRevision } from './names.ts';
import type { Office } from './office.ts';
import { missingOffline } from './offline.ts';
import { Progress } from './progress.ts';
import { etagOf, type HubFile } from './repo.ts';
import { linkSnapshot } from './snapshot.ts';
import { checkSpace } from './space.ts';
import { together } from './together.ts';
import { type Turns, turns } from './turns.ts';

/** Those up to this size come through memory, as many at once as there are connections. */
const smallBytes = 4 << 20;

interface Errand extends Pick<Job, 'office' | 'tree' | 'mended'> {
  progress: Progress;
}

/** Brings files into the cache, and links them when all of them are there and right. */
export async function fetchFiles(office: Office, request: FetchRequest): Promise<Fetched> {
  const { tree, revision, link = true, signal } = request;
  checkedRevision(revision);
  checkedCommit(tree.commit);
  const byPath = new Map(tree.files.map((file) => [file.path, file]));
  const files = request.files.map(({ path }) => byPath.get(path) ?? fileOfTree(tree, path));
  const cache = office.cacheOf(tree.repo);
  const progress = new Progress(files, request.onProgress);
  const mended: string[] = [];
  const paths = await whatIsThere(cache, files, progress, signal);
  const missing = files.filter(({ path }) => !paths.has(path));
  if (missing.length > 0) {
    if (office.site.offline) throw missingOffline(tree.repo, missing, office);
    cache.makeFolders();
    checkSpace(cache, missing);
    await bring(missing, { office, tree, mended, progress }, signal);
  }
  if (link) linkSnapshot(cache, { tree, revision, files, isWholeTree: !office.site.offline });
  for (const file of missing) paths.set(file.path, realpathSync(cache.blob(file)));
  return { folder: cache.snapshot(tree.commit), paths, received: progress.received, mended };
}

/** Real paths of the files that are in the cache and right, by path in the repo. */
async function whatIsThere(
  cache: RepoCache,
  files: HubFile[],
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<Map<string, string>> {
  const paths = new Map<string, string>();
  for (const file of files) {
    const watch = progress.watch(file);
    const path = await cache.verified(file, { ...(signal ? { signal } : {}), onProgress: (done) => watch.checked(done) });
    if (path === null) {
      watch.startAgain();
    } else {
      paths.set(file.path, path);
      watch.done();
    }
  }
  return paths;
}

/** The small ones first: a mistake in a configuration shows within seconds. Then the largest, which takes longest. */
async function bring(missing: HubFile[], errand: Errand, signal: AbortSignal | undefined): Promise<void> {
  const { site } = errand.office;
  const most = Math.min(smallBytes, site.segmentBytes ?? smallBytes);
  // The same bytes under several names come once.
  const once = new Set(new Map(missing.map((file) => [etagOf(file), file])).values());
  const small = [...once].filter(({ size }) => size <= most);
  const large = [...once].filter(({ size }) => size > most).toSorted((a, b) => b.size - a.size);
  if (small.length > 0) await bringSmall(small, errand, signal);
  await atOnce(errand.office.largeFiles, large, errand, download, signal);
  for (const file of missing) if (!once.has(file)) errand.progress.watch(file).done();
}

async function bringSmall(files: HubFile[], errand: Errand, signal: AbortSignal | undefined): Promise<void> {
  const { office, tree, progress } = errand;
  const first = progress.watch(files[0] as HubFile);
  using _lock = await lock(office.cacheOf(tree.repo).own('small.lock'), {
    what: `fetch ${tree.repo.name}`,
    signal,
    onWait: () => first.enter('waiting'),
  });
  await atOnce(turns(office.site.connections), files, errand, downloadSmall, signal);
}

async function atOnce(
  turn: Turns,
  files: HubFile[],
  errand: Errand,
  how: (job: Job) => Promise<void>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { office, tree, mended, progress } = errand;
  const works = files.map((file) => async (stop: AbortSignal) => {
    const job = { office, tree, file, watch: progress.watch(file), mended, signal: stop };
    await turn(async () => await explaining({ repo: tree.repo, file: file.path }, office, async () => await how(job)));
  });
  await together(works, signal);
}
