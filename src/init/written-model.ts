import { relative } from 'node:path';
import type { Companion, Trust } from '../pipeline/pipeline.ts';
import type { Source } from './looks.ts';

interface Beside {
  trust: Trust[];
  companions: Companion[];
  /** The folder of the file in which it will stand. */
  folder: string;
}

export type WrittenModel = string | Record<string, unknown>;

/** What stands under `model:`, as short as the grammar has it. */
export function writtenModel(source: Source, { trust, companions, folder }: Beside): WrittenModel {
  const rest = { ...(trust.length > 0 ? { trust } : {}), ...(companions.length > 0 ? { companions } : {}) };
  switch (source.kind) {
    case 'folder':
      return { path: pathFrom(folder, source.path), name: source.name, ...rest };
    case 'gguf':
      return pathFrom(folder, source.path);
    case 'repo': {
      const { repo, revision } = source;
      if (Object.keys(rest).length === 0) return revision === null ? repo : `${repo}@${revision}`;
      return { repo, ...revised(revision), ...rest };
    }
    case 'repo-gguf':
      return { gguf: { repo: source.repo, file: source.file, ...revised(source.revision) } };
  }
}

/** Relative, so that a pipeline can move together with what it names. */
export function pathFrom(folder: string, path: string): string {
  const way = relative(folder, path);
  return way.startsWith('..') ? way : `./${way}`;
}

function revised(revision: string | null): { revision?: string } {
  return revision === null ? {} : { revision };
}
