import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LocalFile } from '../../hub/writer.ts';
import { ownFolder } from '../../own-folder.ts';
import { shellWord } from '../../run/shell.ts';
import type { Store } from '../../store/store.ts';
import { cardPath, sumsPath } from '../build.ts';
import type { Sums } from '../sums.ts';
import type { Remote } from './remote.ts';

export interface Brought {
  name: string;
  before: string | null;
  sums: Sums;
  files: LocalFile[];
}

/** Into a folder that nobody looks into; it gets its name when the digests are right. */
export async function bring(remote: Remote, brought: Brought, store: Store): Promise<void> {
  const stage = ownFolder(store.path('tmp'), 'publish');
  try {
    for (const { path, content } of brought.files) {
      mkdirSync(dirname(join(stage, path)), { recursive: true });
      if ('bytes' in content) writeFileSync(join(stage, path), content.bytes);
      else symlinkSync(content.path, join(stage, path));
    }
    // One name for all tries: rsync goes on with what a cut connection has left.
    const half = `.half/${brought.name}`;
    await remote.shell(linkLike(brought, half));
    await remote.copy(stage, half);
    const [into, name] = [shellWord(half), shellWord(brought.name)];
    const check = `(cd ${into} && sha256sum --check --quiet ${sumsPath}) >&2 || { rm -rf ${into}; exit 1; }`;
    await remote.shell(`${check}; rm -rf ${into}/.rsync-partial; mv ${into} builds/; touch builds/${name}`);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** What has the same digest in the build before is there already. By digest: files of two nights are often alike in size, and time tells little. */
function linkLike({ before, sums, files }: Brought, half: string): string {
  const like = before === null ? [] : files.filter(({ path, sha256 }) => sums.get(path) === sha256);
  const word = (folder: string, path: string) => shellWord(join(folder, path));
  const links = like.map(
    ({ path }) => `[ -e ${word(half, path)} ] || ln ${word(`builds/${before}`, path)} ${word(half, path)} 2>/dev/null || true`,
  );
  const folders = [...new Set(files.map(({ path }) => shellWord(dirname(join(half, path)))))];
  return [`mkdir -p ${folders.join(' ')}`, `rm -f ${word(half, cardPath)} ${word(half, sumsPath)}`, ...links].join('; ');
}

/** GNU, busybox and BSD call it by different letters not to follow the link that is there. */
export async function switchLatest(remote: Remote, name: string): Promise<void> {
  await remote.shell(
    `rm -f .latest.new; ln -s ${shellWord(`builds/${name}`)} .latest.new; mv -fT .latest.new latest 2>/dev/null || mv -fh .latest.new latest`,
  );
}
