import { mkdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RemoteFile } from '../facts/remote-file.ts';
import type { FetchProgress, Hub } from '../hub/hub.ts';
import type { HubFile } from '../hub/repo.ts';
import { ownFolder } from '../own-folder.ts';
import type { HubOrigin } from '../plan/facts.ts';
import { type PinnedTree, remoteFile } from './remote.ts';
import { linkTo, standIn } from './stand-in.ts';

export interface DeskOptions {
  hub: Hub;
  /** Only looks: bytes in the cache are believed by their size, not hashed. */
  look: boolean;
  signal?: AbortSignal | undefined;
  onFetch: (progress: FetchProgress) => void;
  onHash: (path: string, done: number, total: number) => void;
}

/** Where files of the Hub are laid out for whoever reads their headers. It goes with the command that looked. */
export class Desk {
  readonly files = new Map<string, RemoteFile>();
  readonly #options: DeskOptions;
  #root: string | null = null;
  #folders = 0;

  constructor(options: DeskOptions) {
    this.#options = options;
  }

  /** An empty folder. */
  folder(): string {
    this.#root ??= ownFolder(tmpdir(), 'qpipe-sources');
    return join(this.#root, String(this.#folders++));
  }

  /** Small files into the cache, by path in the repo. */
  async bring({ tree, revision }: PinnedTree, files: HubFile[], { link }: { link: boolean }): Promise<Map<string, string>> {
    if (files.length === 0) return new Map();
    const { hub, signal, onFetch } = this.#options;
    return (await hub.fetch({ tree, revision, files, link, onProgress: onFetch, ...(signal ? { signal } : {}) })).paths;
  }

  /** A link to bytes that are here. */
  put(path: string, pinned: PinnedTree, file: HubFile, bytes: string): void {
    const remote = remoteFile(this.#options.hub, pinned, file);
    linkTo(bytes, path);
    this.files.set(path, remote);
  }

  /** A link to the bytes when they are here, else a file with their header. */
  async standIn(path: string, pinned: PinnedTree, file: HubFile): Promise<void> {
    const { hub, signal } = this.#options;
    const bytes = await this.here(pinned, file);
    if (bytes !== null) return this.put(path, pinned, file, bytes);
    await standIn({ hub, tree: pinned.tree, file, path, signal });
    this.files.set(path, { ...remoteFile(hub, pinned, file), isMissing: true });
  }

  /** A hole as large as a text that is known to the byte without having been seen. */
  textStandIn(name: string, { sha256, size }: { sha256: string; size: number }, origin: HubOrigin): string {
    const folder = this.folder();
    const path = join(folder, name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path, '');
    truncateSync(path, size);
    this.files.set(path, { origin, path, sha256 });
    return path;
  }

  [Symbol.dispose](): void {
    if (this.#root !== null) rmSync(this.#root, { recursive: true, force: true });
    this.#root = null;
  }

  private async here({ tree }: PinnedTree, file: HubFile): Promise<string | null> {
    const { hub, look, signal, onHash } = this.#options;
    const path = hub.pathOf(tree.repo, file);
    const isWhole = statSync(path, { throwIfNoEntry: false })?.size === file.size;
    if (look || !isWhole) return isWhole ? path : null;
    const onProgress = (done: number, total: number) => onHash(file.path, done, total);
    return await hub.cached(tree.repo, file, { onProgress, ...(signal ? { signal } : {}) });
  }
}
