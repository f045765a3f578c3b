import type { RepoId } from '../../hub/repo.ts';
import type { HubWriter, RemoteRepo } from '../../hub/writer.ts';
import { cardPath, sumsPath } from '../build.ts';
import { hasRegions } from '../card/regions.ts';
import { readSums } from '../sums.ts';
import type { Found } from './plan-commits.ts';

/** What a repo holds that decides what is to be sent. @param remote null for one that is yet to be made */
export async function findRepo(writer: HubWriter, repo: RepoId, remote: RemoteRepo | null, signal?: AbortSignal): Promise<Found> {
  if (!remote) return { files: [], card: null, sums: new Map() };
  const text = async (path: string) => {
    const file = remote.files.find((one) => one.path === path);
    return file ? (await writer.read(repo, remote.commit, file, signal)).toString() : null;
  };
  const card = await text(cardPath);
  // Somebody else's list of digests says nothing of what may be removed.
  const sums = card !== null && hasRegions(card) ? readSums((await text(sumsPath)) ?? '') : new Map();
  return { files: remote.files, card, sums };
}
