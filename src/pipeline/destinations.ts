import { type Destination, type DestinationKind, isOfAnotherMachine } from './destination.ts';
import { isPath, type WrittenDestination, type WrittenPublish } from './written-publish.ts';

/** @param absolute makes an absolute path of one that is written at a place */
export function destinations(written: WrittenPublish | undefined, absolute: (path: string, at: string) => string): Destination[] {
  if (written === undefined) return [];
  const list: WrittenDestination[] = Array.isArray(written) ? written : [written];
  return list.map((entry, i) => {
    const at = Array.isArray(written) ? `/publish/${i}` : '/publish';
    const full: Exclude<WrittenDestination, string> = typeof entry === 'string' ? (isPath(entry) ? { to: entry } : { repo: entry }) : entry;
    const { files = null, splitOver = '49G', texts = false, card: { quantizedBy = null, tags = [], summary = null } = {} } = full;
    const path = (name: string, key: string) => absolute(name, typeof entry === 'string' ? at : `${at}/${key}`);
    return { ...kindOf(full, path), rows: files, splitOver: bytesOf(splitOver), texts, card: { quantizedBy, tags, summary }, at };
  });
}

function kindOf(written: Exclude<WrittenDestination, string>, absolute: (path: string, key: string) => string): DestinationKind {
  const { repo, to, rsync, run = [], visibility = 'private', tag = null, keep = 3, timeLimit = '6h' } = written;
  if (repo !== undefined) return { kind: 'hub', repo, visibility, tag };
  if (to !== undefined) return { kind: 'folder', path: absolute(to, 'to'), keep };
  if (rsync !== undefined) return { kind: 'rsync', to: isOfAnotherMachine(rsync) ? rsync : absolute(rsync, 'rsync'), keep };
  const [program = '', ...rest] = run.map(String);
  return {
    kind: 'command',
    command: [program.includes('/') ? absolute(program, 'run') : program, ...rest],
    timeLimitMs: milliseconds(timeLimit),
  };
}

/** Arguments of a program are kept with the run, and their variables are not: they may be secrets. */
export function isFilledInAtUse(at: string): boolean {
  return /^\/publish(\/\d+)?\/run\/[1-9]\d*$/.test(at);
}

function bytesOf(size: string): number {
  return Number(size.slice(0, -1)) * (size.endsWith('G') ? 1e9 : 1e6);
}

function milliseconds(time: string): number {
  return Number(time.slice(0, -1)) * (time.endsWith('s') ? 1000 : time.endsWith('m') ? 60_000 : 3_600_000);
}
