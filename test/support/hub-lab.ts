import { createCipheriv, createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Fetched, FetchProgress, Hub } from '../../src/hub/hub.ts';
import { openHub } from '../../src/hub/open-hub.ts';
import type { RepoId, Tree } from '../../src/hub/repo.ts';
import { type HubSite, hubSite } from '../../src/hub/site.ts';
import { usualTiming } from '../../src/hub/timing.ts';
import { type LocalHub, startHub } from './hub/index.ts';
import { type Workspace, workspace } from './workspace.ts';

/** A local Hub, an empty cache, and settings under which everything happens within a second. When it ends, no wrong byte may be in the cache. */
export interface HubLab extends AsyncDisposable {
  local: LocalHub;
  space: Workspace;
  site: HubSite;
  /** One more program that looks at the same cache, and remembers nothing of the ones before. */
  open(changes?: Partial<HubSite>): Hub;
  /** Puts files into a repo, and tells its tree. */
  put(files: Parameters<LocalHub['commit']>[1], options?: PutOptions): Promise<Tree>;
  fetch(tree: Tree, options?: FetchOptions): Promise<Told>;
  /** What the repo's folder in the cache holds, by path from there. */
  inCache(...path: string[]): string;
  /** Names under `.qpipe/` without the locks, receipts aside. */
  leftOvers(): string[];
}

type PutOptions = Parameters<LocalHub['commit']>[2] & { name?: string };

interface FetchOptions {
  hub?: Hub;
  files?: string[];
  revision?: string;
  link?: boolean;
  signal?: AbortSignal;
  onProgress?: (progress: FetchProgress) => void;
}

/** What a fetch brought, and what it said on the way. */
interface Told extends Fetched {
  said: FetchProgress[];
  /** The bytes of a file as the snapshot shows it. */
  read(path: string): Buffer;
}

/** Segments are as small as the files of tests want them. */
export const segmentBytes = 64 << 10;

export async function hubLab(options: Parameters<typeof startHub>[0] = {}, environment: Record<string, string> = {}): Promise<HubLab> {
  const local = await startHub(options);
  const space = workspace();
  const folders = { HF_HUB_CACHE: space.path('cache'), HF_HOME: space.path('home') };
  const site: HubSite = {
    ...hubSite({}, { HF_ENDPOINT: local.endpoint, ...folders, ...environment }),
    segmentBytes,
    timing: { ...usualTiming, headersMs: 2000, silenceMs: 300, firstWaitMs: 1, longestWaitMs: 20, longestWaitAfterStatusMs: 20 },
  };
  const opened: Hub[] = [];
  const lab: HubLab = {
    local,
    space,
    site,
    open(changes = {}) {
      const hub = openHub({ ...site, ...changes });
      opened.push(hub);
      return hub;
    },
    async put(files, { name = 'me/model', ...rest } = {}) {
      const commit = await local.commit(name, files, rest);
      return await lab.open().tree({ type: rest.type ?? 'model', name }, commit);
    },
    async fetch(tree, { hub = lab.open(), files, revision = 'main', onProgress, ...rest } = {}) {
      const said: FetchProgress[] = [];
      const wanted = files ? files.map((path) => tree.files.find((file) => file.path === path) ?? unknownFile(path)) : tree.files;
      const listen = (progress: FetchProgress) => {
        said.push(progress);
        onProgress?.(progress);
      };
      const fetched = await hub.fetch({ tree, revision, files: wanted, onProgress: listen, ...rest });
      return { ...fetched, said, read: (path) => readFileSync(`${fetched.folder}/${path}`) };
    },
    inCache: (...path) => space.path('cache', 'models--me--model', ...path),
    leftOvers: () => filesIn(lab.inCache('.qpipe')).filter((name) => !/\.lock$|^receipts/.test(name)),
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((hub) => hub.close()));
      await local.close();
      const wrong = wrongBlobs(space.path('cache'));
      space[Symbol.dispose]();
      if (wrong.length > 0) throw new Error(`wrong bytes in the cache: ${wrong.join(', ')}`);
    },
  };
  return lab;
}

export const model: RepoId = { type: 'model', name: 'me/model' };

/** Bytes that compress badly and are the same every time. */
export function someBytes(size: number, seed = 1): Buffer {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16)).update(Buffer.alloc(size));
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The failure of something that has to fail, with its reason. */
export async function failure(promise: Promise<unknown>): Promise<{ kind: string; reason: string; message: string }> {
  const outcome = await promise.then(
    () => ({ name: 'none', reason: '', message: 'it worked' }),
    (error: Error & { reason: string }) => error,
  );
  return { kind: outcome.name, reason: outcome.reason, message: outcome.message };
}

/** Blobs of all repos that are not what their names say. */
export function wrongBlobs(cache: string): string[] {
  return filesIn(cache)
    .filter((path) => /^[^/]+--[^/]+\/blobs\/[0-9a-f]+$/.test(path))
    .filter((path) => {
      const [name, bytes] = [path.replace(/.*\//, ''), readFileSync(`${cache}/${path}`)];
      return name !== (name.length === 64 ? sha256(bytes) : gitOid(bytes));
    });
}

function gitOid(bytes: Buffer): string {
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}

function unknownFile(path: string) {
  return { path, size: 1, oid: '0'.repeat(40), sha256: null };
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length + 1));
}
