import { urlExpired } from '../faults/answers.ts';
import { type Answer, json, problem, storageProblem } from '../http/answer.ts';
import type { Exchange } from '../http/exchange.ts';
import { bodyOf, readJson } from '../http/request-body.ts';
import type { Place } from './endpoint.ts';

/** Takes one part, or a whole object where it comes in one piece. */
export async function putPart(exchange: Exchange, place: Place): Promise<Answer> {
  const { hub, request, path, query } = exchange;
  if (!hub.urls.isValid(path, query)) return urlExpired();
  if (request.headers['content-length'] === undefined) return storageProblem(501, 'NotImplemented', 'A body needs a Content-Length here');
  const [id = '', part = ''] = place.path.split('/');
  const upload = hub.uploads.find(id);
  if (upload === undefined) return storageProblem(404, 'NoSuchUpload', 'The upload does not exist, or is complete');
  const etag = await hub.uploads.take(upload, Number(part), bodyOf(exchange));
  if (etag === null) return storageProblem(400, 'IncompleteBody', 'The part has another length');
  const isWhole = upload.size <= upload.partBytes;
  if (isWhole && !(await hub.uploads.complete(upload))) return storageProblem(400, 'BadDigest', 'The object is not what was announced');
  return { status: 200, headers: { ETag: etag } };
}

/** Puts the parts together. When that has worked the upload is gone, and asking once more is a mistake, as it is at the real Hub. */
export async function completeUpload(exchange: Exchange, place: Place): Promise<Answer> {
  const { hub, path, query } = exchange;
  const { oid, parts = [] } = await readJson<{ oid?: string; parts?: { partNumber: number; etag: string }[] }>(exchange);
  if (!hub.urls.isValid(path, query)) return urlExpired();
  const upload = hub.uploads.find(place.path);
  if (upload === undefined) return problem(400, null, 'The upload does not exist, or is complete');
  const count = Math.ceil(upload.size / upload.partBytes);
  const right = parts.filter(({ partNumber, etag }, i) => partNumber === i + 1 && sameEtag(etag, upload.etags.get(partNumber)));
  if (oid !== upload.sha256 || parts.length !== count || right.length !== count) {
    return problem(400, null, 'These are not the parts that were uploaded');
  }
  return (await hub.uploads.complete(upload)) ? json({ success: true }) : problem(400, null, 'The object is not what was announced');
}

function sameEtag(given: string, right: string | undefined): boolean {
  return given.replaceAll('"', '') === right?.replaceAll('"', '');
}
