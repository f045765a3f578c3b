import { basename } from 'node:path';
import { UserError } from '../errors.ts';
import type { HubFile, Tree } from '../hub/repo.ts';

/** The GGUF of a repo that a path or a quant type names; of a split one all shards, in order. */
export function ggufOf(tree: Tree, named: string): HubFile[] {
  const models = modelsOf(tree);
  const exact = tree.files.find(({ path }) => path === named);
  const found = exact ? [exact] : models.filter(({ path }) => tagOf(path).toLowerCase() === named.toLowerCase());
  const firsts = found.filter(({ path }) => shardNumber(path) <= 1);
  const [first] = firsts;
  const repo = tree.repo.name;
  if (!first) throw new UserError(`${repo} has no GGUF ${named}; ${whatThereIs(tree)}`);
  if (firsts.length > 1) throw new UserError(`${repo} has several GGUFs ${named}: ${listed(firsts)}; name the one you mean`);
  return shardsOf(first, tree);
}

/** Quant types that the repo has GGUFs of. */
export function tagsOf(tree: Tree): string[] {
  return [...new Set(modelsOf(tree).map(({ path }) => tagOf(path)))].filter(Boolean);
}

function modelsOf({ files }: Tree): HubFile[] {
  return files.filter(({ path }) => path.endsWith('.gguf') && !isCompanion(path));
}

function shardsOf(first: HubFile, tree: Tree): HubFile[] {
  const split = /^(.*)-00001-of-(\d{5})\.gguf$/.exec(first.path);
  if (!split) return [first];
  const [, stem, count = ''] = split;
  return Array.from({ length: Number(count) }, (_, i) => {
    const path = `${stem}-${String(i + 1).padStart(5, '0')}-of-${count}.gguf`;
    const shard = tree.files.find((file) => file.path === path);
    if (!shard) throw new UserError(`${tree.repo.name} lacks ${path}, a part of ${first.path}`);
    return shard;
  });
}

/** What llama.cpp reads as the type: the last word before `.gguf` or before the number of a shard. */
function tagOf(path: string): string {
  return /[-.]([A-Za-z0-9_]+)(?:-\d{5}-of-\d{5})?\.gguf$/.exec(basename(path))?.[1] ?? '';
}

function shardNumber(path: string): number {
  return Number(/-(\d{5})-of-\d{5}\.gguf$/.exec(path)?.[1] ?? 0);
}

/** Files that llama.cpp does not take for models. */
function isCompanion(path: string): boolean {
  return /mmproj|imatrix|mtp-|eagle3-|dflash-|dspark-/.test(basename(path));
}

function whatThereIs(tree: Tree): string {
  const tags = tagsOf(tree);
  return tags.length === 0 ? 'it has no GGUF at all' : `there are ${tags.join(', ')}`;
}

function listed(files: HubFile[]): string {
  return files.map(({ path }) => path).join(', ');
}
