import { shellWord } from '../../run/shell.ts';
import { cardPath, sumsPath } from '../build.ts';
import { readSums, type Sums } from '../sums.ts';
import type { Remote } from './remote.ts';

export interface Looked {
  /** The build that `latest` points to. */
  before: string | null;
  /** The oldest first. */
  builds: string[];
  /** Of the one before. */
  card: string | null;
  sums: Sums;
}

/** What is there; nothing where the folder is yet to be made. */
export async function lookAt(remote: Remote): Promise<Looked> {
  const script = [
    'if [ -e latest ] && [ ! -L latest ]; then echo "latest is there and is no link of qpipe\'s: move it away" >&2; exit 1; fi',
    'if [ -L latest ]; then basename "$(readlink latest)"; else echo; fi',
    // What has no sums is somebody else's.
    `ls -1tr builds 2>/dev/null | while IFS= read -r b; do [ ! -e "builds/$b/${sumsPath}" ] || echo "$b"; done`,
    'echo',
    `cat latest/${sumsPath} 2>/dev/null || true`,
    'echo',
    `cat latest/${cardPath} 2>/dev/null || true`,
  ].join('; ');
  const said = await remote.shell(script, { make: false });
  const [before = '', ...rest] = said.split('\n');
  const [end, card] = [rest.indexOf(''), rest.indexOf('', rest.indexOf('') + 1)];
  return {
    before: before || null,
    builds: rest.slice(0, Math.max(0, end)),
    card: card < 0 || card === rest.length - 1 ? null : rest.slice(card + 1).join('\n'),
    sums: readSums(rest.slice(end + 1, Math.max(0, card)).join('\n')),
  };
}

/** The run's, with a number where another build of that run is there. */
export async function nameFor(remote: Remote, run: string, sums: string, builds: string[]): Promise<string> {
  for (let n = 1; ; n++) {
    const name = n === 1 ? run : `${run}-${n}`;
    if (!builds.includes(name)) return name;
    const said = await remote.shell(`sha256sum builds/${shellWord(name)}/${sumsPath}`, { make: false });
    if (said.startsWith(sums)) return name;
  }
}
