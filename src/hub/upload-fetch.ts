import { follow } from './follow.ts';
import { type Answer, discard, interruption } from './network.ts';
import type { Office } from './office.ts';
import { blobBody, textBody } from './outgoing.ts';
import { patiently } from './patiently.ts';
import { Refusal } from './refusal.ts';
import type { Turns } from './turns.ts';

/** At once, of all files together: storages answer more with 503. */
export const partsAtOnce = 5;

export interface Uploading {
  office: Office;
  parts: Turns;
  signal: AbortSignal | undefined;
  /** Bytes of a file that went out; negative ones are to be sent once more. */
  onSent: (path: string, bytes: number) => void;
  onRetry: (path: string) => void;
  /** The request for the commit goes out: whatever fails from here on may have been done all the same. */
  onCommit: () => void;
}

/** The parts of an object are put together already, or cannot be: only the Hub's own list tells which. */
export class Unsure extends Error {
  override readonly name = 'Unsure';
}

/**
 * What the library calls instead of fetch while it uploads: through our door, with our patience. Whatever may be sent twice is; a commit
 * never is.
 */
export function uploadFetch(uploading: Uploading): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(String(input));
    const sending = { url, headers: Object.fromEntries(new Headers(init.headers)), body: init.body };
    if (init.method === 'PUT') return await putPart(uploading, sending, init as Hinted);
    if (/\/commit\/[^/]+$/.test(url.pathname)) {
      uploading.onCommit();
      return await toResponse(await post(uploading, sending));
    }
    const { office, signal } = uploading;
    let tries = 0;
    return await patiently(
      async () => {
        tries++;
        try {
          return await toResponse(await post(uploading, sending));
        } catch (error) {
          if (tries > 1 && isCompletion(url) && error instanceof Refusal && error.facts.status === 400) throw new Unsure();
          throw error;
        }
      },
      { timing: office.site.timing, signal },
    );
  };
}

interface Sending {
  url: URL;
  headers: Record<string, string>;
  body: RequestInit['body'];
}

/** What the library says beside the request. */
interface Hinted extends RequestInit {
  progressHint?: { path: string };
}

async function putPart(uploading: Uploading, { url, headers, body }: Sending, { progressHint }: Hinted): Promise<Response> {
  const { office, parts, signal, onSent, onRetry } = uploading;
  const path = progressHint?.path ?? '';
  const blob = body as Blob;
  return await parts(async () =>
    patiently(
      async () => {
        let sent = 0;
        try {
          const outgoing = blobBody(blob, (bytes) => {
            sent += bytes;
            onSent(path, bytes);
          });
          const answer = await office.network.send({ url, method: 'PUT', headers, body: outgoing, signal });
          await discard(answer);
          return new Response(null, { headers: { etag: String(answer.headers.etag ?? '') } });
        } catch (error) {
          onSent(path, -sent);
          throw error;
        }
      },
      { timing: office.site.timing, signal, onRetry: () => onRetry(path) },
    ),
  );
}

/** A repo that was renamed answers with where it is now. */
async function post({ office: { network }, signal }: Uploading, { url, headers, body }: Sending): Promise<Answer> {
  const outgoing = textBody(String(body));
  const { answer } = await follow(
    network,
    { url, method: 'POST', headers, body: outgoing, signal },
    { stopBefore: (next) => next.origin !== url.origin },
  );
  if (answer === null)
    throw new Refusal({ status: 307, address: url.host, ofHub: true, code: '', text: 'it leads elsewhere', requestId: '', waitMs: null });
  return answer;
}

async function toResponse({ body, headers, url }: Answer): Promise<Response> {
  const text = await body.text().catch((error: unknown) => {
    throw interruption(error, url);
  });
  return new Response(text, { headers: { 'content-type': String(headers['content-type'] ?? 'application/json') } });
}

function isCompletion({ pathname }: URL): boolean {
  return /complete_?multipart/i.test(pathname);
}
