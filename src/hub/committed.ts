import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { askTree } from './metadata.ts';
import type { Office } from './office.ts';
import { HubFailure } from './problems.ts';
import { etagOf, type HubFile } from './repo.ts';
import type { CommitRequest, LocalFile } from './writer.ts';

/** Whether the Hub has these bytes under this entry: by sha256 of a large file, by git's id of a small one. */
export function isSameFile({ sha256, size, content }: LocalFile, entry: HubFile | undefined): boolean {
  if (!entry || entry.size !== size) return false;
  if (entry.sha256 !== null) return entry.sha256 === sha256;
  const bytes = 'bytes' in content ? content.bytes : readFileSync(content.path);
  return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex') === entry.oid;
}

/** Looks at the new commit as everybody else will. Throws remote-mismatch. */
export async function checkCommitted(office: Office, request: CommitRequest, commit: string): Promise<void> {
  const { files } = await askTree(office, request.repo, commit, request.signal);
  const [wrong] = differences(request, files);
  if (wrong === undefined) return;
  throw new HubFailure(
    'remote-mismatch',
    `${request.repo.name} at ${commit} is not what was sent: ${wrong}. It stays as private as it is; look at it, and publish again`,
  );
}

export function holdsAll(request: CommitRequest, files: HubFile[]): boolean {
  return differences(request, files).length === 0;
}

function differences({ add, restore = [], remove }: CommitRequest, files: HubFile[]): string[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const entry = (path: string) => byPath.get(path);
  return [
    ...add
      .filter((file) => !isSameFile(file, entry(file.path)))
      .map((file) => `${file.path} ${inWords(entry(file.path))} instead of ${file.sha256}`),
    ...restore
      .filter((file) => etagOf(file) !== etagOr(entry(file.path)))
      .map((file) => `${file.path} ${inWords(entry(file.path))} instead of ${etagOf(file)}`),
    ...remove.filter((path) => byPath.has(path)).map((path) => `${path} is still there`),
  ];
}

function etagOr(entry: HubFile | undefined): string | null {
  return entry ? etagOf(entry) : null;
}

function inWords(entry: HubFile | undefined): string {
  return entry ? `has ${entry.size} bytes and the digest ${etagOf(entry)}` : 'is missing';
}
