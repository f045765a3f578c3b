import { existsSync, readdirSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, UserError } from '../errors.ts';
import type { Hub } from '../hub/hub.ts';
import type { FileFact, HubOrigin } from '../plan/facts.ts';
import type { Plan } from '../plan/planned.ts';
import { runIds } from '../run/past-run.ts';
import type { Digests } from '../store/digest.ts';
import type { Store } from '../store/store.ts';
import type { ManifestStep } from './manifest.ts';

/** A file from outside that a step read. */
export type Leaf = Extract<ManifestStep['inputs'][string][number], { sha256: string }>;

export interface LeafOptions {
  store: Store;
  /** Folders to look in, with those in them. */
  folders: string[];
  digests: Digests;
  /** Called for the first file that has to come from the Hub. */
  openHub: () => Promise<Hub>;
}

/** As deep as a folder is looked through, and as many names as are looked at in all. */
const deepest = 4;
const mostNames = 20_000;

/** Finds files by their digests: where a run had them, in the store, in folders, on the Hub at their commit. */
export class Leaves {
  readonly #options: LeafOptions;
  /** Where runs of this store had a file, by its digest. */
  readonly #paths: Map<string, string[]>;
  #sizes: Map<number, string[]> | null = null;
  #hub: Hub | null = null;
  /** By repo and commit. */
  readonly #trouble = new Map<string, string>();

  constructor(options: LeafOptions) {
    this.#options = options;
    this.#paths = pathsInPlans(options.store);
  }

  /** Null until a file had to come from there. */
  get hub(): Hub | null {
    return this.#hub;
  }

  /** Null when its bytes are nowhere. @param fetch the task that would bring it from the Hub */
  async find({ name, sha256, size, hub: origin }: Leaf, fetch: string): Promise<FileFact | null> {
    for (const path of this.placesOf(sha256, size)) {
      if (statOf(path)?.size === size && (await this.#options.digests.of(path)).sha256 === sha256) return { name, path, sha256, size };
    }
    const path = origin ? await this.onHub(origin) : null;
    if (!origin || path === null) return null;
    return { name, path, sha256, size, hub: origin, fetch, ...(existsSync(path) ? {} : { isMissing: true }) };
  }

  /** What stood in the way of a file of the Hub, in words; null for one that nobody asked for or that was there. */
  whyNot({ hub }: Leaf): string | null {
    return hub ? (this.#trouble.get(placeOf(hub)) ?? null) : null;
  }

  /** Where its bytes lie in the Hub's cache, or will lie; null when the Hub has it no more, or cannot be asked. */
  private async onHub(origin: HubOrigin): Promise<string | null> {
    const { type, repo, commit, file: wanted } = origin;
    try {
      this.#hub ??= await this.#options.openHub();
      const tree = await this.#hub.tree({ type, name: repo }, commit);
      const file = tree.files.find(({ path }) => path === wanted);
      return file ? this.#hub.pathOf(tree.repo, file) : null;
    } catch (thrown) {
      if (!(thrown instanceof Failure) && !(thrown instanceof UserError)) throw thrown;
      this.#trouble.set(placeOf(origin), thrown.message);
      return null;
    }
  }

  /** The folders are looked through only when it is nowhere else. */
  private *placesOf(sha256: string, size: number): Generator<string> {
    yield* this.#paths.get(sha256) ?? [];
    yield this.#options.store.objectPath(sha256);
    yield* this.ofSize(size);
  }

  /** Files in the folders that could be it: names change more often than sizes. */
  private ofSize(size: number): string[] {
    this.#sizes ??= bySize(this.#options.folders);
    return this.#sizes.get(size) ?? [];
  }
}

function placeOf({ repo, commit }: HubOrigin): string {
  return `${repo}@${commit}`;
}

function bySize(folders: string[]): Map<number, string[]> {
  const sizes = new Map<number, string[]>();
  let left = mostNames;
  const look = (folder: string, depth: number) => {
    const names = depth > deepest ? [] : namesIn(folder);
    // A store: its objects are looked up by their digests.
    if (names.includes('cas') && names.includes('format.json')) return;
    for (const name of names) {
      if (left-- <= 0) return;
      if (name.startsWith('.') || name === 'node_modules') continue;
      const path = join(folder, name);
      const stat = statOf(path);
      if (stat?.isDirectory()) look(path, depth + 1);
      else if (stat?.isFile()) sizes.set(stat.size, [...(sizes.get(stat.size) ?? []), path]);
    }
  };
  for (const folder of folders) look(folder, 0);
  return sizes;
}

/** Empty for what cannot be looked into. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Null for what cannot be looked at. */
function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

function pathsInPlans(store: Store): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  for (const run of runIds(store)) {
    for (const { path, sha256 } of outsideFiles(planOfRun(store, run))) {
      const known = paths.get(sha256) ?? [];
      if (!known.includes(path)) paths.set(sha256, [...known, path]);
    }
  }
  return paths;
}

function outsideFiles(plan: Plan | null): FileFact[] {
  const sources = (plan?.tasks ?? []).flatMap(({ inputs }) => Object.values(inputs).flat()).map(({ source }) => source);
  return sources.flatMap((source) => ('path' in source ? [source] : []));
}

/** The plan that a run carried out; null where it is gone or was cut. */
export function planOfRun(store: Store, run: string): Plan | null {
  try {
    return JSON.parse(readFileSync(store.path('runs', run, 'plan.json'), 'utf8')) as Plan;
  } catch {
    return null;
  }
}
