import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Emit } from './events.ts';

/** Where a set-up works and whom it tells. */
export interface Site {
  folders: CacheFolders;
  on: Emit;
  signal: AbortSignal | undefined;
  /** The set-up's lock, held by each command too: where a killed qpipe leaves one running, nobody starts beside it. */
  locks: number[];
  /** Nothing may be downloaded. */
  offline: boolean;
}

/** The rooms of the cache folder, which all checkouts and users' projects share. */
export interface CacheFolders {
  root: string;
  /** Held by the process that sets something up. */
  lock: string;
  /** Checkouts of llama.cpp, verified and patched. */
  sources: string;
  /** CMake build trees with their `build.json`. */
  builds: string;
  /** What is known of builds that are not ours. */
  foreign: string;
  /** Python environments of the converter. */
  python: string;
  /** Ninja and CMake from PyPI. */
  programs: string;
  logs: string;
  /** What the compiler said of itself. */
  compiler: string;
}

export function cacheFolders(environment: NodeJS.ProcessEnv = process.env): CacheFolders {
  const base = environment['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const root = join(base, 'qpipe');
  return {
    root,
    lock: join(root, 'setup.lock'),
    sources: join(root, 'sources'),
    builds: join(root, 'builds'),
    foreign: join(root, 'foreign'),
    python: join(root, 'python'),
    programs: join(root, 'programs'),
    logs: join(root, 'logs'),
    compiler: join(root, 'compiler.json'),
  };
}
