import { UserError } from '../errors.ts';
import type { FetchProgress, Hub } from '../hub/hub.ts';
import type { HubFile } from '../hub/repo.ts';
import type { Trust } from '../pipeline/pipeline.ts';
import { adapterInRepo, isAdapter } from './adapter-in-repo.ts';
import { Desk } from './desk.ts';
import { ggufOf, tagsOf } from './gguf-in-repo.ts';
import { selectInRepo } from './model-in-repo.ts';
import { Pins } from './pins.ts';
import type { PinnedTree } from './remote.ts';

export interface RepoRequest {
  /** `owner/name`. */
  repo: string;
  revision: string;
  /** A GGUF by its path or quant type; null for weights to convert. */
  file: string | null;
  trust: Trust[];
  signal: AbortSignal;
  onFetch: (progress: FetchProgress) => void;
}

export interface FetchedRepo {
  commit: string;
  /** `snapshots/<commit>` in the Hub's cache. */
  folder: string;
  files: { path: string; bytes: number; at: string }[];
  /** What came over the network now. */
  received: number;
}

/** What a pipeline would need of a repo, into the Hub's cache on this machine. */
export async function fetchRepo(hub: Hub, request: RepoRequest): Promise<FetchedRepo> {
  const { repo, revision, file, signal, onFetch } = request;
  using desk = new Desk({ hub, look: false, signal, onFetch, onHash: () => {} });
  const pinned = await new Pins({ hub, locked: {}, keep: false, signal }).tree({ type: 'model', repo, revision, file });
  const files = file === null ? await modelFiles(desk, pinned, request.trust) : ggufOf(pinned.tree, file);
  const { tree } = pinned;
  const { folder, paths, received } = await hub.fetch({ tree, revision, files, signal, onProgress: onFetch });
  const fetched = files.map(({ path, size }) => ({ path, bytes: size, at: paths.get(path) ?? '' }));
  return { commit: tree.commit, folder, files: fetched, received };
}

async function modelFiles(desk: Desk, pinned: PinnedTree, trust: Trust[]): Promise<HubFile[]> {
  if (isAdapter(pinned)) return adapterInRepo(pinned, trust);
  const tags = tagsOf(pinned.tree);
  const { name } = pinned.tree.repo;
  if (tags.length > 0 && !pinned.tree.files.some(({ path }) => path === 'config.json'))
    throw new UserError(`${name} holds GGUFs and no weights to convert: say which one, such as ${name}:${tags[0]} (${tags.join(', ')})`);
  const { small, weights } = await selectInRepo(desk, pinned, trust);
  return [...small, ...weights];
}
