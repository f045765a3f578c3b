import { harmless } from '../harmless.ts';
import { HubMistake } from './problems.ts';
import type { HubFile, Tree } from './repo.ts';

/** A file by its path. Throws entry-not-found, with what is called alike. */
export function fileOfTree(tree: Tree, path: string): HubFile {
  const file = tree.files.find((one) => one.path === path);
  if (file) return file;
  const near = alike(path, tree);
  const hint = near.length > 0 ? `; there is ${near.join(', ')}` : '';
  throw new HubMistake('entry-not-found', `${tree.repo.name} has no file ${harmless(path)} at ${tree.commit}${hint}`);
}

/** Of the same name in another folder or letter case, or with another ending. */
function alike(path: string, { files }: Tree): string[] {
  const stem = stemOf(path);
  return files
    .map((file) => file.path)
    .filter((other) => stemOf(other) === stem)
    .slice(0, mostNamed)
    .map(harmless);
}

const mostNamed = 5;

function stemOf(path: string): string {
  return path
    .replace(/^.*\//, '')
    .replace(/\.[^.]*$/, '')
    .toLowerCase();
}
