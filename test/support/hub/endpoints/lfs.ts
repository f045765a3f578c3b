import { isLfs } from '../content/lfs-rule.ts';
import type { Upload } from '../content/uploads.ts';
import { type Answer, json, problem } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { readJson } from '../http/request-body.ts';
import type { HubState } from '../state.ts';
import { commitAt, mustHaveToken, repoAt } from './access.ts';
import type { Place } from './endpoint.ts';

/** Which files go to the large-file storage, and what is there already under their names. */
export async function preupload(exchange: Exchange, place: Place): Promise<Answer> {
  mustHaveToken(exchange);
  const { files } = await readJson<{ files?: { path: string; size: number }[] }>(exchange);
  const { commit } = commitAt(exchange, place);
  if (files === undefined) return problem(400, null, '"files" is required');
  const modes = files.map(({ path, size }) => {
    const held = commit.files.get(path);
    const oid = held && { oid: held.sha256 ?? held.oid };
    return { path, uploadMode: isLfs(path, size) ? 'lfs' : 'regular', shouldIgnore: false, ...oid };
  });
  return json({ files: modes, commitOid: commit.id });
}

/** Where to bring large objects. Those that are held already need no action. */
export async function lfsBatch(exchange: Exchange, place: Place): Promise<Answer> {
  mustHaveToken(exchange);
  const { hub } = exchange;
  const { objects = [], transfers = [] } = await readJson<{ objects?: { oid: string; size: number }[]; transfers?: string[] }>(exchange);
  repoAt(exchange, place);
  const inParts = transfers.includes('multipart');
  const answers = objects.map(({ oid, size }) => {
    if (hub.objects.large(oid)) return { oid, size };
    const upload = hub.uploads.announce(oid, size, inParts ? hub.partBytes : size);
    return { oid, size, authenticated: true, actions: { upload: actionOf(hub, upload) } };
  });
  return json({ transfer: inParts ? 'multipart' : 'basic', objects: answers }, { 'Content-Type': 'application/vnd.git-lfs+json' });
}

function actionOf({ urls, cdn, endpoint }: HubState, { id, size, partBytes }: Upload) {
  const partUrl = (part: number) => urls.sign(cdn, `/storage/${id}/${part}`);
  if (size <= partBytes) return { href: partUrl(1) };
  const parts = Array.from({ length: Math.ceil(size / partBytes) }, (_, i) => [`${i + 1}`.padStart(5, '0'), partUrl(i + 1)] as const);
  return {
    href: urls.sign(endpoint, `/api/complete_multipart/${id}`),
    header: { chunk_size: `${partBytes}`, ...Object.fromEntries(parts) },
  };
}
