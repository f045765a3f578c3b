import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, Stopped } from '../../errors.ts';
import { ownFolder } from '../../own-folder.ts';
import { isOfAnotherMachine } from '../../pipeline/destination.ts';
import { shellWord } from '../../run/shell.ts';
import { spawn } from '../../spawn.ts';
import type { Store } from '../../store/store.ts';

/** A folder on another machine, or on this one. */
export interface Place {
  /** As it was written: `user@host:/path`. */
  written: string;
  host: string | null;
  path: string;
}

export function placeOf(written: string): Place {
  if (!isOfAnotherMachine(written)) return { written, host: null, path: written };
  const colon = written.indexOf(':');
  return { written, host: written.slice(0, colon), path: written.slice(colon + 1) || '.' };
}

/** Runs programs that speak with the place, without ever asking anybody for a password. */
export class Remote {
  readonly place: Place;
  readonly #store: Store;
  readonly #signal: AbortSignal | undefined;

  constructor(place: Place, store: Store, signal: AbortSignal | undefined) {
    this.place = place;
    this.#store = store;
    this.#signal = signal;
  }

  /** Runs a script of the shell in the place's folder, making it. Returns what it printed. @param make `false` where the folder may be missing: empty then */
  async shell(script: string, { make = true }: { make?: boolean } = {}): Promise<string> {
    const { host, path } = this.place;
    const enter = make ? `mkdir -p ${shellWord(path)}/builds && cd ${shellWord(path)}` : `cd ${shellWord(path)} 2>/dev/null || exit 0`;
    const whole = `set -e; ${enter}; ${script}`;
    return host === null
      ? await this.run('sh', ['-c', whole])
      : await this.run('ssh', [...sshOptions, '--', host, `sh -c ${shellWord(whole)}`]);
  }

  /** Copies a folder's content into one under the place. What has a file there already is left as it is; what is cut is taken up again. */
  async copy(folder: string, to: string): Promise<void> {
    const { host, path } = this.place;
    const target = `${host === null ? '' : `${host}:`}${path}/${to}/`;
    const over = host === null ? [] : ['-e', `ssh ${sshOptions.join(' ')}`];
    const how = ['--recursive', '--copy-links', '--times', '--perms', '--ignore-existing', '--partial-dir=.rsync-partial'];
    await this.run('rsync', [...how, ...over, `${folder}/`, target]);
  }

  private async run(file: string, args: string[]): Promise<string> {
    const folder = ownFolder(this.#store.path('tmp'), 'publish');
    const [stdout, stderr] = [join(folder, 'stdout'), join(folder, 'stderr')];
    try {
      const { code, cancelled } = await spawn({ file, args, cwd: folder, environment: 'user', stdout, stderr, signal: this.#signal });
      if (cancelled) throw new Stopped();
      if (code === 0) return readFileSync(stdout, 'utf8');
      const said = readFileSync(stderr, 'utf8').trim().split('\n').slice(-3).join('; ') || `exit code ${code}`;
      throw new Failure(
        `${this.place.written} could not be published to: ${file} says: ${said}. Publish again when that is mended: what has arrived is not sent twice`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

/** Without a terminal there is nobody to ask; a machine that is silent for a minute and a half is gone. */
const sshOptions = ['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=60', '-o', 'ServerAliveInterval=30'];
