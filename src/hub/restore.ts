import { readFileSync } from 'node:fs';
import { notAHub } from './address.ts';
import { follow } from './follow.ts';
import { isCommit } from './names.ts';
import { interruption } from './network.ts';
import type { Office } from './office.ts';
import { textBody } from './outgoing.ts';
import type { Attempt } from './send-commit.ts';
import type { CommitRequest, LocalFile } from './writer.ts';

/** A commit that names large files by their digests, as the Hub has them already: what the library cannot say. Returns the commit's id. */
export async function restoreByLines(office: Office, request: CommitRequest, attempt: Attempt): Promise<string> {
  const { repo, signal } = request;
  const url = new URL(`${office.site.endpoint}/api/${repo.type}s/${repo.name}/commit/main`);
  const body = textBody(
    linesOf(request)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  );
  attempt.asked = true;
  const headers = { 'content-type': 'application/x-ndjson', accept: 'application/json' };
  const { answer } = await follow(
    office.network,
    { url, method: 'POST', headers, body, signal },
    { stopBefore: (next) => next.origin !== url.origin },
  );
  if (answer === null) throw notAHub(url);
  const text = await answer.body.text().catch((error: unknown) => {
    throw interruption(error, url);
  });
  const { commitOid = '' } = JSON.parse(text) as { commitOid?: string };
  if (!isCommit(commitOid)) throw notAHub(url);
  return commitOid;
}

function linesOf({ title, parent, add, restore = [], remove }: CommitRequest): { key: string; value: object }[] {
  return [
    { key: 'header', value: { summary: title, description: '', parentCommit: parent } },
    ...restore.map(({ path, sha256, size }) => ({ key: 'lfsFile', value: { path, algo: 'sha256', oid: sha256, size } })),
    ...add.map((file) => ({ key: 'file', value: { path: file.path, content: bytesOf(file).toString('base64'), encoding: 'base64' } })),
    ...remove.map((path) => ({ key: 'deletedFile', value: { path } })),
  ];
}

function bytesOf({ content }: LocalFile): Buffer {
  return 'bytes' in content ? content.bytes : readFileSync(content.path);
}
