import type { LocalFile } from '../../hub/writer.ts';
import { shellWord } from '../../run/shell.ts';
import { cardPath, sumsPath } from '../build.ts';
import { isOfRun, numbered } from '../folder/turnover.ts';
import { readSums, type Sums } from '../sums.ts';
import type { Remote } from './remote.ts';

export interface Looked {
  /** The build that `latest` points to. */
  before: string | null;
  /** The oldest first. */
  builds: string[];
  /** Their manifests, by name. */
  manifests: Map<string, string>;
  /** Whatever lies beside them under `builds/`, too. */
  names: string[];
  /** Of the one before. */
  card: string | null;
  sums: Sums;
  /** Bytes by path. */
  sizes: Map<string, number>;
}

/** What is there; nothing where the folder is yet to be made. */
export async function lookAt(remote: Remote): Promise<Looked> {
  const script = [
    'if [ -e latest ] && [ ! -L latest ]; then echo "latest is there and is no link of qpipe\'s: move it away" >&2; exit 1; fi',
    'if [ -L latest ]; then basename "$(readlink latest)"; fi',
    part,
    // What has no sums is somebody else's.
    `ls -1tr builds 2>/dev/null | while IFS= read -r b; do [ ! -e "builds/$b/${sumsPath}" ] || echo "$b"; done`,
    part,
    `ls -1 builds 2>/dev/null | while IFS= read -r b; do m="builds/$b/manifest.json"; if [ -f "$m" ]; then echo "$b"; tr -d '\\n' < "$m"; echo; fi; done`,
    part,
    'ls -1 builds 2>/dev/null || true',
    part,
    `find latest/ -type f -exec wc -c {} \\; 2>/dev/null || true`,
    part,
    `cat latest/${sumsPath} 2>/dev/null || true`,
    part,
    `cat latest/${cardPath} 2>/dev/null || true`,
  ].join('; ');
  const said = await remote.shell(script, { make: false });
  const [before = '', builds = '', manifests = '', names = '', sizes = '', sums = '', ...card] = said.split(`${mark}\n`);
  return {
    before: before.trim() || null,
    builds: linesOf(builds),
    manifests: readManifests(manifests),
    names: linesOf(names),
    sizes: readSizes(sizes),
    sums: readSums(sums),
    card: card.join(`${mark}\n`) || null,
  };
}

const mark = '--- qpipe looks further ---';
const part = `echo '${mark}'`;

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** A name and a manifest in turns, each on a line. */
function readManifests(text: string): Map<string, string> {
  const lines = text.split('\n');
  return new Map(lines.flatMap((name, i): [string, string][] => (i % 2 === 0 && name !== '' ? [[name, lines[i + 1] ?? '']] : [])));
}

/** Lines of `wc -c`. */
function readSizes(text: string): Map<string, number> {
  return new Map(
    linesOf(text).flatMap((line): [string, number][] => {
      const [, size, path] = /^\s*(\d+) latest\/+(.+)$/.exec(line) ?? [];
      return path === undefined ? [] : [[path, Number(size)]];
    }),
  );
}

/** The run's, with a number where another build of that run is there, or what is left of one. */
export async function nameFor(remote: Remote, run: string, files: LocalFile[], looked: Looked): Promise<string> {
  const sums = files.find(({ path }) => path === sumsPath)?.sha256 ?? '';
  const hasThem = async (name: string) =>
    looked.builds.includes(name) &&
    (name !== looked.before || isWhole(files, looked)) &&
    (await remote.shell(`sha256sum builds/${shellWord(name)}/${sumsPath}`, { make: false })).startsWith(sums);
  const { before } = looked;
  if (before !== null && isOfRun(before, run) && (await hasThem(before))) return before;
  for (let n = 1; ; n++) {
    const name = numbered(run, n);
    if (!looked.names.includes(name) || (await hasThem(name))) return name;
  }
}

/** By the card and the sizes: the digests were checked when it was brought. */
function isWhole(files: LocalFile[], { card, sizes }: Looked): boolean {
  return files.every(({ path, size, content }) => {
    if (path === cardPath && 'bytes' in content) return card === content.bytes.toString();
    return sizes.get(path) === size;
  });
}
