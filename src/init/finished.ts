import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../errors.ts';
import { nameOfGguf } from '../facts/model-name.ts';
import { splitSiblings } from '../gguf/split.ts';
import type { Tree } from '../hub/repo.ts';
import { ggufOf, tagsOf } from '../sources/gguf-in-repo.ts';

/** A GGUF that somebody has made. */
export interface FinishedFile {
  /** The quant type in its name, or for one in a folder its absolute path. */
  name: string;
  bytes: number;
}

/** Finished GGUFs of a repo by their types, the largest first. Where several have one type nobody knows which is meant. */
export function finishedInRepo(tree: Tree): FinishedFile[] {
  const found = tagsOf(tree).flatMap((tag): FinishedFile[] => {
    try {
      return [{ name: tag, bytes: sum(ggufOf(tree, tag).map(({ size }) => size)) }];
    } catch (thrown) {
      if (thrown instanceof UserError) return [];
      throw thrown;
    }
  });
  return largestFirst(found);
}

/** GGUFs beside one in a folder that have its name and another type. */
export function finishedBeside(path: string, typeNames: string[]): FinishedFile[] {
  const folder = dirname(path);
  const modelOf = (name: string) => nameOfGguf(name, typeNames).toLowerCase();
  const firsts = readdirSync(folder).filter((name) => name.endsWith('.gguf') && splitSiblings(name)[0] === name);
  const others = firsts.filter((name) => name !== basename(path) && modelOf(name) === modelOf(path));
  return largestFirst(others.flatMap((name) => wholeFile(join(folder, name))));
}

/** Nothing of a split one that lacks a part. */
function wholeFile(path: string): FinishedFile[] {
  const shards = splitSiblings(path);
  return shards.every((shard) => existsSync(shard)) ? [{ name: path, bytes: sum(shards.map((shard) => statSync(shard).size)) }] : [];
}

function largestFirst(files: FinishedFile[]): FinishedFile[] {
  return files.toSorted((a, b) => b.bytes - a.bytes);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
