import { createHash } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { type LocalHub, startHub } from '../../support/hub/index.ts';

const weights = Buffer.from(Array.from({ length: 3000 }, (_, i) => i % 251));

/** A Hub with one large and one small file, and the signed URL of the large one. */
async function hubWithFiles() {
  const hub = await startHub();
  await hub.commit('org/m', { 'm.gguf': weights, 'config.json': '{}' });
  const resolved = `${hub.endpoint}/org/m/resolve/main/m.gguf`;
  const resolve = async () => (await fetch(resolved, { redirect: 'manual' })).headers.get('location') ?? '';
  return { hub, resolved, resolve, url: await resolve(), [Symbol.asyncDispose]: hub.close };
}

const range = (start: number, end: number) => ({ headers: { Range: `bytes=${start}-${end - 1}` } });

/** What arrives before the connection ends, and whether it ended well. */
async function arriving(response: Response, enough = Number.POSITIVE_INFINITY) {
  const chunks: Uint8Array[] = [];
  const bytes = () => Buffer.concat(chunks);
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      if (bytes().length >= enough) break;
    }
    return { bytes: bytes(), whole: true };
  } catch {
    return { bytes: bytes(), whole: false };
  }
}

describe('the body of an answer', () => {
  test('is whole, in part or refused, as the range has it', async () => {
    await using lab = await hubWithFiles();
    const get = async (header: string) => {
      const response = await fetch(lab.url, { headers: { Range: header } });
      return [response.status, response.headers.get('content-range'), (await response.arrayBuffer()).byteLength];
    };
    expect(await get('bytes=10-19')).toEqual([206, 'bytes 10-19/3000', 10]);
    expect(await get('bytes=2990-')).toEqual([206, 'bytes 2990-2999/3000', 10]);
    expect(await get('bytes=-5')).toEqual([206, 'bytes 2995-2999/3000', 5]);
    expect(await get('bytes=2000-9999')).toEqual([206, 'bytes 2000-2999/3000', 1000]);
    expect(await get('bytes=3000-')).toEqual([416, 'bytes */3000', 0]);
    expect(await get('bytes=0-1,5-6')).toEqual([200, null, 3000]);
  });

  test('is cut after so many bytes, as often as was said', async () => {
    await using lab = await hubWithFiles();
    const fault = lab.hub.fault({ match: /GET \/cdn/, kind: 'cut', after: 1234, times: 2 });
    for (const left of [1, 0]) {
      expect(await arriving(await fetch(lab.url))).toEqual({ bytes: weights.subarray(0, 1234), whole: false });
      expect(fault.remaining()).toBe(left);
    }
    expect(await arriving(await fetch(lab.url))).toEqual({ bytes: weights, whole: true });
  });

  test('is not cut where it is shorter, and no longer when the fault was stopped', async () => {
    await using lab = await hubWithFiles();
    const fault = lab.hub.fault({ match: /cdn/, kind: 'cut', after: 100 });
    expect((await arriving(await fetch(lab.url, range(0, 100)))).whole).toBe(true);
    expect(fault.remaining()).toBe(1);
    fault.stop();
    expect((await arriving(await fetch(lab.url))).whole).toBe(true);
  });

  test('stalls, with its connection open', async () => {
    await using lab = await hubWithFiles();
    lab.hub.fault({ match: /cdn/, kind: 'stall', after: 1000 });
    const stop = new AbortController();
    const { bytes } = await arriving(await fetch(lab.url, { signal: stop.signal }), 1000);
    expect(bytes).toEqual(weights.subarray(0, 1000));
    expect(lab.hub.requests.at(-1)).toMatchObject({ status: 200, sent: 1000 });
    stop.abort();
  });

  test('ends early and cleanly, without a length', async () => {
    await using lab = await hubWithFiles();
    lab.hub.fault({ match: /cdn/, kind: 'early-end', after: 700 });
    const response = await fetch(lab.url);
    expect(response.headers.has('content-length')).toBe(false);
    expect(await arriving(response)).toEqual({ bytes: weights.subarray(0, 700), whole: true });
  });

  test('has one wrong byte at an offset of the file, in whichever range that lies', async () => {
    await using lab = await hubWithFiles();
    const fault = lab.hub.fault({ match: /cdn/, kind: 'flip', at: 1500 });
    expect((await arriving(await fetch(lab.url, range(0, 1500)))).bytes).toEqual(weights.subarray(0, 1500));
    expect(fault.remaining()).toBe(1);
    const { bytes } = await arriving(await fetch(lab.url, range(1400, 1600)));
    expect([...bytes].flatMap((byte, i) => (byte === weights[1400 + i] ? [] : [1400 + i]))).toEqual([1500]);
    expect((await arriving(await fetch(lab.url))).bytes).toEqual(weights);
  });

  test('is longer than its range, or the whole file', async () => {
    await using lab = await hubWithFiles();
    lab.hub.fault({ match: /cdn/, kind: 'too-many-bytes', extra: 5 });
    const long = await fetch(lab.url, range(0, 10));
    expect([long.headers.get('content-range'), (await arriving(long)).bytes.length]).toEqual(['bytes 0-9/3000', 15]);
    lab.hub.fault({ match: /cdn/, kind: 'ignore-range' });
    const whole = await fetch(lab.url, range(0, 10));
    expect([whole.status, (await arriving(whole)).bytes.length]).toEqual([200, 3000]);
  });

  test('comes late and slowly, over the whole of a connection', async () => {
    await using lab = await hubWithFiles();
    lab.hub.fault({ match: /cdn/, kind: 'latency', ms: 50 });
    lab.hub.fault({ match: /cdn/, kind: 'rate', bytesPerSecond: 30_000, times: Number.POSITIVE_INFINITY });
    const begun = performance.now();
    await arriving(await fetch(lab.url));
    // 100 ms for 3000 bytes; idle connections may catch up on 20.
    expect(performance.now() - begun).toBeGreaterThan(125);
  });
});

describe('another answer', () => {
  test('has any status and headers', async () => {
    await using lab = await hubWithFiles();
    lab.hub.fault({ match: /tree\/main/, kind: 'status', status: 429, headers: { RateLimit: '"api";r=0;t=3' } });
    const url = `${lab.hub.endpoint}/api/models/org/m/tree/main`;
    const refused = await fetch(url);
    expect([refused.status, refused.headers.get('ratelimit')]).toEqual([429, '"api";r=0;t=3']);
    expect((await fetch(url)).status).toBe(200);
  });

  test('hides what a file is, or says something else', async () => {
    await using lab = await hubWithFiles();
    lab.hub.fault({ match: /resolve/, kind: 'headers', headers: { 'X-Linked-ETag': '"other"', 'X-Repo-Commit': null } });
    const { headers } = await fetch(lab.resolved, { redirect: 'manual' });
    expect([headers.get('x-linked-etag'), headers.get('x-repo-commit')]).toEqual(['"other"', null]);
  });

  test('is a page to log in with', async () => {
    await using lab = await hubWithFiles();
    lab.hub.fault({ match: /api/, kind: 'captive-portal' });
    const page = await fetch(`${lab.hub.endpoint}/api/models/org/m`);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
  });

  test.each([401, 403] as const)('is that the repo is gated, with status %i', async (status) => {
    await using lab = await hubWithFiles();
    lab.hub.fault({ match: /HEAD .*resolve/, kind: 'gated', status });
    const refused = await fetch(lab.resolved, { method: 'HEAD' });
    expect([refused.status, refused.headers.get('x-error-code')]).toEqual([status, 'GatedRepo']);
  });

  test('refuses what is too long for one request', async () => {
    await using lab = await hubWithFiles();
    lab.hub.fault({ match: /cdn/, kind: 'refuse-above', bytes: 1000, times: Number.POSITIVE_INFINITY });
    expect((await fetch(lab.url)).status).toBe(400);
    expect((await fetch(lab.url, range(1000, 2000))).status).toBe(206);
  });

  test('is that a signed URL has expired, by a fault for good, or by itself', async () => {
    await using lab = await hubWithFiles();
    lab.hub.fault({ match: /cdn/, kind: 'expired' });
    expect([(await fetch(lab.url)).status, (await fetch(lab.url)).status]).toEqual([403, 403]);
    expect((await fetch(await lab.resolve())).status).toBe(200);
    await using brief = await startHub({ urlLifetimeMs: 0 });
    await brief.commit('org/m', { 'm.gguf': weights });
    expect((await fetch(`${brief.endpoint}/org/m/resolve/main/m.gguf`)).status).toBe(403);
  });

  test('is nothing at all to a URL that somebody made up, or on the wrong host', async () => {
    await using lab = await hubWithFiles();
    expect((await fetch(lab.url.replace(/Signature=.{8}/, 'Signature=00000000'))).status).toBe(403);
    expect((await fetch(lab.url.replace('localhost', '127.0.0.1'))).status).toBe(404);
    expect((await fetch(`${lab.hub.cdn}/org/m/resolve/main/m.gguf`)).status).toBe(404);
  });
});

describe('a file list', () => {
  const paths = async (hub: LocalHub) => {
    const entries = (await (await fetch(`${hub.endpoint}/api/models/org/m/tree/main`)).json()) as { path: string }[];
    return entries.map(({ path }) => path);
  };

  test('has any names, in its commit or in a page', async () => {
    await using lab = await hubWithFiles();
    const names = ['../up', '/etc/passwd', 'a\0b', 'c:\\x'];
    await lab.hub.commit('org/m', Object.fromEntries(names.map((name) => [name, 'x'])));
    const tree = await (await fetch(`${lab.hub.endpoint}/api/models/org/m/tree/main?recursive=true`)).json();
    expect(tree).toEqual(expect.arrayContaining(names.map((path) => expect.objectContaining({ type: 'file', path }))));
    lab.hub.fault({ match: /tree/, kind: 'entries', entries: [{ type: 'file', path: '..' }], replace: true });
    expect(await paths(lab.hub)).toEqual(['..']);
  });

  test('differs from one call to the next', async () => {
    await using lab = await hubWithFiles();
    lab.hub.fault({ match: /tree/, kind: 'json', change: (entries: object[]) => entries.slice(1) });
    expect([await paths(lab.hub), await paths(lab.hub)]).toEqual([['m.gguf'], ['config.json', 'm.gguf']]);
  });

  test('may have ten thousand files', async () => {
    await using hub = await startHub();
    await hub.commit('org/m', Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`${i}.txt`, ''])));
    const page = await fetch(`${hub.endpoint}/api/models/org/m/tree/main?recursive=true`);
    expect(((await page.json()) as unknown[]).length).toBe(1000);
    expect(page.headers.get('link')).toMatch(new RegExp(`^<${hub.endpoint}/.*cursor=.*>; rel="next"$`));
  });
});

describe('an upload', () => {
  const headers = { Authorization: 'Bearer hf_x' };

  const oid = createHash('sha256').update(weights).digest('hex');

  /** Announces the weights as a new object; undefined when they are held already. */
  async function announced(hub: LocalHub) {
    await hub.commit('org/m', {});
    const body = JSON.stringify({ operation: 'upload', transfers: ['basic', 'multipart'], objects: [{ oid, size: weights.length }] });
    const batch = await fetch(`${hub.endpoint}/org/m.git/info/lfs/objects/batch`, { method: 'POST', headers, body });
    type Action = { href: string; header?: Record<string, string> };
    return ((await batch.json()) as { objects: { actions?: { upload: Action } }[] }).objects[0]?.actions?.upload;
  }

  const put = (url: string, body: Uint8Array) => fetch(url, { method: 'PUT', body });

  test('that is not what was announced is not taken', async () => {
    await using hub = await startHub();
    const { href = '' } = (await announced(hub)) ?? {};
    expect((await put(href, weights.toReversed())).status).toBe(400);
    expect((await put(href, weights.subarray(1))).status).toBe(400);
    expect((await put(href, weights)).status).toBe(200);
  });

  test('is cut after so many bytes', async () => {
    await using hub = await startHub();
    hub.fault({ match: /^PUT/, kind: 'cut-upload', after: 1000 });
    const { href = '' } = (await announced(hub)) ?? {};
    await expect(put(href, weights)).rejects.toThrow('fetch failed');
  });

  test('of a part can be refused, sent again, and expire', async () => {
    await using hub = await startHub({ partBytes: 2000 });
    const { header = {} } = (await announced(hub)) ?? {};
    const first = header['00001'] ?? '';
    hub.fault({ match: /^PUT .*\/1\?/, kind: 'status', status: 503 });
    expect((await put(first, weights.subarray(0, 2000))).status).toBe(503);
    expect(hub.requests.at(-1)?.received).toBe(2000);
    expect((await put(first, weights.subarray(0, 2000))).headers.get('etag')).toBeTruthy();
    hub.fault({ match: /^PUT/, kind: 'expired' });
    expect([(await put(first, weights)).status, (await put(first, weights)).status]).toEqual([403, 403]);
  });

  test('is complete although the answer was an error, and then cannot be completed again', async () => {
    await using hub = await startHub({ partBytes: 2000 });
    const { href = '', header = {} } = (await announced(hub)) ?? {};
    const etags = [await put(header['00001'] ?? '', weights.subarray(0, 2000)), await put(header['00002'] ?? '', weights.subarray(2000))];
    const complete = async (parts: (string | null)[]) => {
      const body = JSON.stringify({ oid, parts: parts.map((etag, i) => ({ partNumber: i + 1, etag })) });
      return (await fetch(href, { method: 'POST', body })).status;
    };
    const parts = etags.map((response) => response.headers.get('etag'));
    hub.fault({ match: /complete_multipart/, kind: 'after-success', answer: 500 });
    expect([await complete(parts.toReversed()), await complete(parts), await complete(parts)]).toEqual([400, 500, 400]);
    expect(await announced(hub)).toBeUndefined();
  });

  test.each(['cut', 'silence', 500] as const)('is committed, and the answer is lost (%s)', async (answer) => {
    await using hub = await startHub();
    const before = await hub.commit('org/m', {});
    hub.fault({ match: /POST .*\/commit\//, kind: 'after-success', answer });
    const lines = [
      { key: 'header', value: { summary: 'x' } },
      { key: 'file', value: { path: 'a.txt', content: 'eA==', encoding: 'base64' } },
    ];
    const body = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const patience = new AbortController();
    const sent = fetch(`${hub.endpoint}/api/models/org/m/commit/main`, { method: 'POST', headers, body, signal: patience.signal });
    const answered = sent.then(({ status }) => status).catch((error: Error) => error.name);
    await vi.waitFor(async () => {
      const { sha } = (await (await fetch(`${hub.endpoint}/api/models/org/m`)).json()) as { sha: string };
      expect(sha).not.toBe(before);
    });
    if (answer === 'silence') patience.abort();
    expect(await answered).toBe({ cut: 'TypeError', silence: 'AbortError', 500: 500 }[answer]);
  });
});
