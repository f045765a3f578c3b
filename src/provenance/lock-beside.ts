import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Manifest } from './manifest.ts';

/** As it is called where files are published. */
const lockName = 'qpipe.lock.json';

/** Where the lock file beside a manifest names another commit than the manifest, in sentences; nothing where there is no lock file. */
export function lockProblems(manifestPath: string, { sources }: Manifest): string[] {
  const locked = readLock(join(dirname(manifestPath), lockName));
  return sources.flatMap(({ type, repo, revision, commit }) => {
    const other = locked[`${type}s/${repo}@${revision}`]?.commit;
    return other === undefined || other === commit ? [] : [`${lockName} beside it has ${repo} at ${other}, it says ${commit}`];
  });
}

function readLock(path: string): Record<string, { commit?: string } | undefined> {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as { sources?: Record<string, { commit?: string }> }).sources ?? {};
  } catch {
    return {};
  }
}
