import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { decidingFiles, selectFiles } from '../facts/select-files.ts';
import type { HubFile } from '../hub/repo.ts';
import type { Trust } from '../pipeline/pipeline.ts';
import type { Desk } from './desk.ts';
import type { PinnedTree } from './remote.ts';

interface Selected {
  weights: HubFile[];
  small: HubFile[];
}

/** What conversion needs of a repo. Throws UserError when there is no model in it. */
export async function selectInRepo(desk: Desk, pinned: PinnedTree, trust: Trust[]): Promise<Selected> {
  const { repo, files } = pinned.tree;
  const deciding = files.filter(({ path }) => decidingFiles.includes(path));
  const texts = await desk.bring(pinned, deciding, { link: false });
  const selected = selectFiles({
    names: files.map(({ path }) => path),
    text: (name) => readText(texts.get(name)),
    where: repo.name,
    trust,
  });
  const isWeights = ({ path }: HubFile) => selected.weights.includes(path);
  const wanted = files.filter(({ path }) => selected.files.includes(path));
  return { weights: wanted.filter(isWeights), small: wanted.filter((file) => !isWeights(file)) };
}

/** A folder that looks like the repo's model: small files are here, weights are linked or stood in for. Returns its path. */
export async function modelFolder(desk: Desk, pinned: PinnedTree, trust: Trust[]): Promise<string> {
  const { weights, small } = await selectInRepo(desk, pinned, trust);
  const folder = desk.folder();
  const paths = await desk.bring(pinned, small, { link: false });
  for (const file of small) desk.put(join(folder, file.path), pinned, file, paths.get(file.path) ?? '');
  const atOnce = pLimit(8);
  await Promise.all(weights.map((file) => atOnce(() => desk.standIn(join(folder, file.path), pinned, file))));
  return folder;
}

function readText(path: string | undefined): string | null {
  return path === undefined ? null : readFileSync(path, 'utf8');
}
