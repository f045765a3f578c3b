import { Failure, InternalError } from '../../errors.ts';
import type { Operation } from '../operation.ts';

interface FetchResult {
  /** Of all files. */
  bytes: number;
  /** What came over the network; the rest was in the cache. */
  received: number;
}

/** Files of a repo into the Hub's cache on this machine. Nothing of it goes into the store: the cache is shared with other programs. */
export const fetch: Operation<'fetch'> = async ({ task, hub, digests, signal, arrived, note }) => {
  if (!hub) throw new InternalError(`${task.id} needs the Hub`);
  const { type, repo, revision, commit, files } = task.params;
  const tree = await hub.tree({ type, name: repo }, commit, signal);
  const wanted = files.map(({ path }) => {
    const file = tree.files.find((one) => one.path === path);
    if (!file) throw new Failure(`${path} is not in ${repo} at ${commit}`);
    return file;
  });
  const { received, paths, mended } = await hub.fetch({ tree, revision, files: wanted, signal, onProgress: arrived });
  for (const { path, sha256 } of wanted) if (sha256 !== null) digests.learn(paths.get(path) ?? '', sha256);
  for (const sentence of mended) note(sentence);
  return { bytes: files.reduce((total, { size }) => total + size, 0), received } satisfies FetchResult;
};
