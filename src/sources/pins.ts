import { UserError } from '../errors.ts';
import type { Hub } from '../hub/hub.ts';
import type { HubSource } from '../pipeline/pipeline.ts';
import type { Commits } from './lock-file.ts';
import type { PinnedTree } from './remote.ts';

export interface PinOptions {
  hub: Hub;
  /** What the lock file says. */
  locked: Commits;
  /** Keeps to it. */
  keep: boolean;
  signal?: AbortSignal | undefined;
}

/** A source whose branch or tag stands for another commit than the last time. */
export interface Move {
  source: string;
  from: string;
  to: string;
}

/** Resolves every revision once: whatever asks for it again in the same run gets the same commit. */
export class Pins {
  readonly #options: PinOptions;
  readonly #trees = new Map<string, Promise<PinnedTree>>();
  readonly commits: Commits = {};
  readonly moved: Move[] = [];

  constructor(options: PinOptions) {
    this.#options = options;
  }

  tree({ type, repo, revision }: HubSource): Promise<PinnedTree> {
    const source = `${type}s/${repo}@${revision}`;
    const known = this.#trees.get(source) ?? this.resolve(source, { type, repo, revision });
    this.#trees.set(source, known);
    return known;
  }

  private async resolve(source: string, { type, repo, revision }: Omit<HubSource, 'file'>): Promise<PinnedTree> {
    const { hub, locked, keep, signal } = this.#options;
    const last = locked[source];
    if (keep && last === undefined)
      throw new UserError(`--locked: the lock file says nothing of ${repo} at ${revision}; run once without --locked`);
    const commit = keep && last !== undefined ? last : await hub.pin({ type, name: repo }, revision, signal);
    if (last !== undefined && last !== commit) this.moved.push({ source, from: last, to: commit });
    this.commits[source] = commit;
    return { tree: await hub.tree({ type, name: repo }, commit, signal), revision };
  }
}
