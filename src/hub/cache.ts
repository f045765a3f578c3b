import { lstatSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isSystemError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import type { CheckOptions } from './hub.ts';
import { etagOfPath } from './identity.ts';
import { checkedRepo, checkedRevision, isCommit } from './names.ts';
import { looksOf, Receipts } from './receipts.ts';
import { etagOf, type HubFile, type RepoId, type Tree } from './repo.ts';
import { treeFromText, treeToText } from './tree-file.ts';

/** A file changed again within its time stamp's resolution would go unnoticed (git's racy rule). */
const racyMs = 2000;

/** A repo's folder in the cache that all programs of the Hub share, and our own corner of it, `.qpipe/`. */
export class RepoCache {
  readonly folder: string;
  readonly repo: RepoId;
  readonly #receipts: Receipts;

  constructor(root: string, repo: RepoId) {
    this.repo = checkedRepo(repo);
    this.folder = join(root, `${repo.type}s--${repo.name.replaceAll('/', '--')}`);
    this.#receipts = new Receipts(this.own('receipts.ndjson'));
  }

  blob(file: HubFile): string {
    return join(this.folder, 'blobs', etagOf(file));
  }

  snapshot(commit: string): string {
    return join(this.folder, 'snapshots', commit);
  }

  own(name: string): string {
    return join(this.folder, '.qpipe', name);
  }

  /** Real path of a file whose bytes are right; null when they are not there, or wrong. Bytes that nobody vouches for are hashed. */
  async verified(file: HubFile, { signal, onProgress }: CheckOptions = {}): Promise<string | null> {
    const blob = this.blob(file);
    const stat = statSync(blob, { bigint: true, throwIfNoEntry: false });
    if (!stat?.isFile() || Number(stat.size) !== file.size) return null;
    const path = realpathSync(blob);
    if (this.#receipts.vouchFor(etagOf(file), path)) return path;
    const onRead = (bytes: number) => onProgress?.(bytes, file.size);
    if ((await etagOfPath(path, file, { signal, onRead })) !== etagOf(file)) return null;
    if (Date.now() - Number(stat.ctimeMs) > racyMs) this.#receipts.add(etagOf(file), looksOf(stat));
    return path;
  }

  /** Vouches for a blob that was hashed before it was put there. */
  vouchFor(file: HubFile): void {
    this.#receipts.add(etagOf(file), looksOf(statSync(this.blob(file), { bigint: true })));
  }

  /** Whether anything, right or wrong, is in the place of a blob. */
  hasSomething(file: HubFile): boolean {
    return lstatSync(this.blob(file), { throwIfNoEntry: false }) !== undefined;
  }

  /** Takes what is in the place of a blob out of everybody's way. Returns what was done, for people. */
  quarantine(file: HubFile): string[] {
    const blob = this.blob(file);
    const stat = lstatSync(blob, { throwIfNoEntry: false });
    if (!stat) return [];
    if (stat.isSymbolicLink()) {
      // The bytes belong to other repos too; only the way to them is ours to close.
      rmSync(blob);
      return [`${file.path} in the cache was not what the Hub holds; it was a link, which has been removed, and is fetched again`];
    }
    const bad = this.own(`${etagOf(file)}.bad`);
    makeFolder(dirname(bad));
    rmSync(bad, { recursive: true, force: true });
    renameSync(blob, bad);
    return [`${file.path} in the cache was not what the Hub holds; it was set aside as ${bad}, and is fetched again`];
  }

  /** The commit of a branch or tag as somebody last fetched it; null when nobody did. */
  commitOf(revision: string): string | null {
    const written = textOf(join(this.folder, 'refs', checkedRevision(revision)))?.trim() ?? '';
    return isCommit(written) ? written : null;
  }

  /** A branch or tag gets its ref; a commit one that keeps its snapshot from being pruned, where no other program takes it for a branch. */
  writeRef(revision: string, commit: string): void {
    const name = isCommit(revision) ? `qpipe/${commit.slice(0, 12)}` : checkedRevision(revision);
    try {
      this.write(join('refs', name), commit);
    } catch (error) {
      // A branch `a` and one that was called `a/b` before: the older one keeps its place, and nothing needs the ref to work.
      if (!isSystemError(error) || !/^(EISDIR|ENOTDIR|EEXIST|ENOTEMPTY)$/.test(error.code ?? '')) throw error;
    }
  }

  tree(commit: string): Tree | null {
    const text = textOf(join(this.folder, 'trees', `${commit}.json`));
    return text === null ? null : treeFromText(text, this.repo, commit);
  }

  writeTree(tree: Tree): void {
    if (this.tree(tree.commit) === null) this.write(join('trees', `${tree.commit}.json`), treeToText(tree));
  }

  /** Python ignores a repo that has no `snapshots/`. */
  makeFolders(): void {
    for (const name of ['blobs', 'refs', 'snapshots', '.qpipe']) makeFolder(join(this.folder, name));
  }

  /** Beside, then renamed; nothing when it says the same already. */
  private write(name: string, content: string): void {
    const path = join(this.folder, name);
    if (textOf(path) === content) return;
    const beside = this.beside();
    writeFileSync(beside, content);
    makeFolder(dirname(path));
    renameSync(beside, path);
  }

  /** A name that nobody else uses now, on the same disk. */
  beside(): string {
    makeFolder(this.own(''));
    return this.own(`${process.pid}-${unique++}.new`);
  }
}

let unique = 0;

/** Null when there is no such file. */
function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
