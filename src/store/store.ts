import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../errors.ts';
import { makeFolder, makeNamedFolder } from '../make-folder.ts';
import { removeOrphans } from '../own-folder.ts';
import { sha256File, sha256FileSync } from './digest.ts';
import { isHeld, type Lock, type LockOptions, lock, tryLock } from './lock.ts';
import { parseRecord, type StoredOutput, type TaskRecord } from './record.ts';

/** Version of the layout below; a newer one is refused. */
const layoutVersion = 1;

/**
 * Finished outputs by key and by content. The file system is the only truth:
 *
 *     ac/ab/<key>.json   record: this key produced these objects
 *     cas/ab/<sha256>    object bytes, read only
 *     tmp/<key>.<rand>/  one attempt; nothing is ever written into a folder that an earlier attempt used
 *     locks/<key>        kernel locks, never removed
 *     refs/<pipeline>/   the last two keys of each task
 *     runs/<id>/         events, logs of failures, results, what publishing needs
 *     published/         what went to which destination
 */
export class Store {
  readonly root: string;
  readonly #readOnly: boolean;

  private constructor(root: string, readOnly: boolean) {
    this.root = root;
    this.#readOnly = readOnly;
  }

  /** Opens the store, making its folders on the first use. Read only it changes nothing, and one that is not there is empty. */
  static open(root: string, { readOnly = false }: { readOnly?: boolean } = {}): Store {
    const format = join(root, 'format.json');
    if (!existsSync(format) && !readOnly) createLayout(root, format);
    if (existsSync(format)) refuseNewer(root, format);
    return new Store(root, readOnly);
  }

  path(...parts: string[]): string {
    return join(this.root, ...parts);
  }

  objectPath(sha256: string): string {
    return this.path('cas', sha256.slice(0, 2), sha256);
  }

  /** The record of a key, or null: absent, torn, or written for another key. */
  read(key: string): TaskRecord | null {
    const path = this.recordPath(key);
    if (!existsSync(path)) return null;
    const record = parseRecord(readFileSync(path, 'utf8'));
    return record?.key === key ? record : null;
  }

  /**
   * Names of outputs whose bytes are gone or were changed in place. Logs are not among them: a lost one is not worth the work.
   * An object with another inode or time (a store that was copied) is believed if its bytes still have their digest, and the record
   * then learns the new ones.
   */
  damaged(record: TaskRecord): string[] {
    const outputs = record.outputs.filter((output) => !output.name.startsWith('#'));
    const moved = outputs.filter((output) => !isIntact(this.objectPath(output.sha256), output));
    const lost = moved.filter((output) => !hasDigest(this.objectPath(output.sha256), output));
    if (moved.length > lost.length && !this.#readOnly) this.learnIdentities(record);
    return lost.map((output) => output.name);
  }

  /** Drops an object's bytes; its record stays and says what it was. */
  drop(sha256: string): void {
    rmSync(this.objectPath(sha256), { force: true });
  }

  lockKey(key: string, options: LockOptions): Promise<Lock> {
    return lock(this.path('locks', key), options);
  }

  /** Whether somebody makes a key's outputs at this moment. */
  isAtWork(key: string): boolean {
    return isHeld(this.path('locks', key));
  }

  /** Everybody who reads or writes holds it shared; only the collection of garbage takes it alone. */
  lockStore(signal?: AbortSignal): Promise<Lock> {
    return lock(this.path('locks', '.store'), { shared: true, signal });
  }

  /** A fresh folder for one attempt at a key. */
  newAttempt(key: string): string {
    return mkdtempSync(this.path('tmp', `${key}.`));
  }

  /**
   * Makes an attempt's outputs visible. Bytes first, one rename last: a crash anywhere leaves either no record or a whole one.
   * The caller holds the key's lock and has validated the outputs.
   */
  async commit(attempt: string, outputs: { name: string; path: string }[], record: Omit<TaskRecord, 'v' | 'outputs'>): Promise<TaskRecord> {
    const stored: StoredOutput[] = [];
    for (const output of outputs) stored.push(await this.keep(output));
    // A log that a power cut takes is not worth the wait for the disk.
    const folders = stored.filter(isWorthSyncing).map(({ sha256 }) => join(this.objectPath(sha256), '..'));
    for (const folder of new Set(folders)) sync(folder);
    const whole: TaskRecord = { v: 1, ...record, outputs: stored };
    const written = join(attempt, 'record.json');
    writeFileSync(written, JSON.stringify(whole));
    sync(written);
    makeDurable(this.path('ac', record.key.slice(0, 2)));
    renameSync(written, this.recordPath(record.key));
    sync(this.path('ac', record.key.slice(0, 2)));
    return whole;
  }

  /** Keeps a small file from outside, if it still has the bytes that it had: an object that no record speaks of. */
  keepCopy(path: string, sha256: string): void {
    const object = this.objectPath(sha256);
    if (existsSync(object)) return;
    const attempt = this.newAttempt(sha256);
    try {
      const copy = join(attempt, 'copy');
      copyFileSync(path, copy);
      if (sha256FileSync(copy) !== sha256) return;
      chmodSync(copy, 0o444);
      mkdirSync(join(object, '..'), { recursive: true });
      linkAs(copy, object);
    } finally {
      rmSync(attempt, { recursive: true, force: true });
    }
  }

  /** Removes what killed attempts left behind, and what programs that publish have printed. A busy lock means that somebody is still at work there. */
  sweep(): void {
    removeOrphans(this.path('tmp'), 'publish');
    for (const name of readdirSync(this.path('tmp')).filter((entry) => /^[0-9a-f]{64}\./.test(entry))) {
      using free = tryLock(this.path('locks', name.split('.')[0] ?? ''));
      if (free) rmSync(this.path('tmp', name), { recursive: true, force: true });
    }
  }

  /** The last key of a pipeline's task. */
  readRef(pipeline: string, task: string): string | null {
    return this.readRefs(pipeline, task)[0] ?? null;
  }

  /** The key before the last one. */
  readRefBefore(pipeline: string, task: string): string | null {
    return this.readRefs(pipeline, task)[1] ?? null;
  }

  writeRef(pipeline: string, task: string, key: string): void {
    const before = this.readRef(pipeline, task);
    if (before === key) return;
    mkdirSync(this.path('refs', pipeline), { recursive: true });
    writeWhole(this.refPath(pipeline, task), [key, before ?? ''].join('\n'));
  }

  /** All records that can be read. */
  records(): TaskRecord[] {
    const folders = existsSync(this.path('ac')) ? readdirSync(this.path('ac')) : [];
    return folders.flatMap((folder) => readdirSync(this.path('ac', folder)).flatMap((name) => this.read(basename(name, '.json')) ?? []));
  }

  /** Whether another pipeline's last run made or used a record. */
  isWantedElsewhere(key: string, pipeline: string): boolean {
    const folders = readdirSync(this.path('refs'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const others = folders.flatMap(({ name }) => (name === pipeline ? [] : [name]));
    return others.some((other) =>
      readdirSync(this.path('refs', other)).some((task) => this.readRef(other, decodeURIComponent(task)) === key),
    );
  }

  private async keep({ name, path }: { name: string; path: string }): Promise<StoredOutput> {
    const sha256 = await sha256File(path);
    const folder = join(this.objectPath(sha256), '..');
    if (isWorthSyncing({ name })) {
      sync(path);
      makeDurable(folder);
    } else mkdirSync(folder, { recursive: true });
    chmodSync(path, 0o444);
    const object = this.objectPath(sha256);
    // An object of that name may have been edited in place: believe its bytes, not its name.
    if (existsSync(object) && (await sha256File(object)) === sha256) rmSync(path);
    else linkAs(path, object);
    return { name, sha256, size: statSync(object).size, ino: '', mtimeNs: '', ...identityOf(object) };
  }

  private learnIdentities(record: TaskRecord): void {
    for (const output of record.outputs) Object.assign(output, identityOf(this.objectPath(output.sha256)));
    writeWhole(this.recordPath(record.key), JSON.stringify(record));
  }

  private recordPath(key: string): string {
    return this.path('ac', key.slice(0, 2), `${key}.json`);
  }

  private readRefs(pipeline: string, task: string): string[] {
    const path = this.refPath(pipeline, task);
    return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
  }

  private refPath(pipeline: string, task: string): string {
    return this.path('refs', pipeline, encodeURIComponent(task));
  }
}

/** Writes beside and renames, so that a reader sees the old text or the new one. */
export function writeWhole(path: string, text: string): void {
  const beside = join(path, '..', `.${basename(path)}.${process.pid}`);
  writeFileSync(beside, text);
  renameSync(beside, path);
}

function createLayout(root: string, format: string): void {
  makeNamedFolder(root, 'name another folder with --out');
  for (const folder of ['ac', 'cas', 'tmp', 'locks', 'refs', 'runs']) makeFolder(join(root, folder));
  writeWhole(format, `${JSON.stringify({ version: layoutVersion, hash: 'sha256', locks: 'ofd' })}\n`);
}

function refuseNewer(root: string, format: string): void {
  const version = versionIn(format);
  if (version > layoutVersion)
    throw new UserError(`${root} was written by a newer qpipe (layout ${version}); update qpipe or name another folder with --out`);
}

/** Logs have names that begin with `#`. */
function isWorthSyncing({ name }: { name: string }): boolean {
  return !name.startsWith('#');
}

/** A file that was cut by a crash on its first day says nothing of a newer layout. */
function versionIn(format: string): number {
  try {
    return (JSON.parse(readFileSync(format, 'utf8')) as { version: number }).version;
  } catch {
    return layoutVersion;
  }
}

/** A folder that is durable itself: a file committed into it cannot vanish with its folder's name. */
function makeDurable(folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true });
  sync(join(folder, '..'));
}

function isIntact(path: string, output: StoredOutput): boolean {
  const identity = identityOf(path);
  return identity !== null && identity.ino === output.ino && identity.mtimeNs === output.mtimeNs && statSync(path).size === output.size;
}

/** Null for a file that is not there. */
function identityOf(path: string): Pick<StoredOutput, 'ino' | 'mtimeNs'> | null {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat ? { ino: String(stat.ino), mtimeNs: String(stat.mtimeNs) } : null;
}

function hasDigest(path: string, { sha256, size }: StoredOutput): boolean {
  return existsSync(path) && statSync(path).size === size && sha256FileSync(path) === sha256;
}

function linkAs(from: string, to: string): void {
  const beside = `${to}.${process.pid}`;
  rmSync(beside, { force: true });
  linkSync(from, beside);
  renameSync(beside, to);
}

function sync(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
