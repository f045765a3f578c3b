import { join } from 'node:path';
import { adapterConfig, selectAdapter } from '../facts/adapter-files.ts';
import type { HubFile } from '../hub/repo.ts';
import type { Trust } from '../pipeline/pipeline.ts';
import type { Desk } from './desk.ts';
import type { PinnedTree } from './remote.ts';

/** Whether a repo holds an adapter and no model. */
export function isAdapter({ tree }: PinnedTree): boolean {
  const has = (name: string) => tree.files.some(({ path }) => path === name);
  return has(adapterConfig) && !has('config.json');
}

/** What a merge needs of a repo with an adapter. Throws UserError when there is none in it. */
export function adapterInRepo({ tree }: PinnedTree, trust: Trust[]): HubFile[] {
  const { files } = selectAdapter({ names: tree.files.map(({ path }) => path), where: tree.repo.name, trust });
  return tree.files.filter(({ path }) => files.includes(path));
}

/** A folder that looks like the repo's adapter. All of it is here: it is small beside its model. Returns its path. */
export async function adapterFolder(desk: Desk, pinned: PinnedTree, trust: Trust[]): Promise<string> {
  const files = adapterInRepo(pinned, trust);
  const folder = desk.folder();
  const paths = await desk.bring(pinned, files, { link: false });
  for (const file of files) desk.put(join(folder, file.path), pinned, file, paths.get(file.path) ?? '');
  return folder;
}
