import { basename } from 'node:path';
import type { Pipeline } from '../pipeline/pipeline.ts';

/**
 * The model's name, for files and for `general.name`. Never a folder's: the same weights in two folders must give the same bytes.
 * A folder of the Hub's cache tells the repo's name; otherwise the pipeline says it.
 */
export function nameOfFolder(pipeline: Pipeline, path: string): string {
  return asFileName(repoOfSnapshot(path) ?? pipeline.name);
}

/** The repo's name, of a folder in the Hub's cache; null elsewhere. */
export function repoOfSnapshot(path: string): string | null {
  return /models--[^/]+--([^/]+)\/snapshots\/[^/]+\/?$/.exec(path)?.[1] ?? null;
}

/** `Demo-F16.gguf` and `Demo-F16-00001-of-00002.gguf` are both of `Demo`. */
export function nameOfGguf(path: string, typeNames: string[]): string {
  const stem = basename(path, '.gguf').replace(/-\d{5}-of-\d{5}$/, '');
  const tag = typeNames.find(
    (type) => stem.toLowerCase().endsWith(`-${type.toLowerCase()}`) || stem.toLowerCase().endsWith(`.${type.toLowerCase()}`),
  );
  return asFileName(tag ? stem.slice(0, -tag.length - 1) : stem);
}

/** Letters, digits, `_`, `.` and `-`, as the names of pipelines and models have them. */
export function asFileName(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[._-]+/, '') || 'model';
}
