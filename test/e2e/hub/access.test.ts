import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { failure, hubLab, model, segmentBytes, someBytes } from '../../support/hub-lab.ts';

const always = Number.POSITIVE_INFINITY;
const weights = someBytes(3 * segmentBytes);
const files = { 'model.safetensors': weights, 'config.json': '{"a":1}' };

describe('what the Hub does not give is said with what to do, and asked for once', () => {
  test('a gated repo, without a token', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files, { gated: 'auto' });
    expect(await failure(lab.fetch(tree, { files: ['model.safetensors'] }))).toEqual({
      kind: 'UserError',
      reason: 'gated',
      message:
        `me/model is gated: accept its licence at ${lab.local.endpoint}/me/model, then set HF_TOKEN to a token of that account, or run ` +
        `\`hf auth login\`. No token was sent: there is none in HF_TOKEN, HUGGING_FACE_HUB_TOKEN, ${lab.space.path('home/token')}.`,
    });
    expect(lab.local.count(/resolve/)).toBe(1);
  });

  test('a gated repo, with a token of somebody who has not accepted', async () => {
    await using lab = await hubLab({}, { HF_TOKEN: 'hf_x' });
    const tree = await lab.put(files, { gated: 'manual' });
    const told = await failure(lab.fetch(tree, { files: ['config.json'] }));
    expect(told).toMatchObject({ reason: 'gated', message: expect.stringMatching(/The token from HF_TOKEN was sent\.$/) });
    lab.local.grant('me/model', 'hf_x');
    expect((await lab.fetch(tree)).read('config.json').toString()).toBe('{"a":1}');
  });

  const missing: [what: string, repo: string, reason: string, message: RegExp][] = [
    [
      'a repo that is not there',
      'me/nothing',
      'repo-not-found',
      /^the Hub shows no model me\/nothing: it is missing, or private and needs a token\. No token was sent/,
    ],
    ['a private repo', 'me/private', 'repo-not-found', /^the Hub shows no model me\/private/],
  ];
  test.each(missing)('%s', async (_, name, reason, message) => {
    await using lab = await hubLab();
    await lab.local.commit('me/private', files, { private: true });
    expect(await failure(lab.open().pin({ ...model, name }, 'main'))).toEqual({
      kind: 'UserError',
      reason,
      message: expect.stringMatching(message),
    });
    expect(lab.local.requests).toHaveLength(1);
  });

  test('a revision that is not there', async () => {
    await using lab = await hubLab();
    await lab.put(files);
    expect(await failure(lab.open().pin(model, 'v2'))).toEqual({
      kind: 'UserError',
      reason: 'revision-not-found',
      message: `me/model has no branch, tag or commit v2; ${lab.local.endpoint}/me/model/tree/main shows what there is`,
    });
    expect(await failure(lab.open().tree(model, '0'.repeat(40)))).toMatchObject({ reason: 'revision-not-found' });
  });

  test('a file that was taken away since', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    const ghost = { path: 'ghost.safetensors', size: 9, oid: '1'.repeat(40), sha256: '2'.repeat(64) };
    const hub = lab.open();
    const told = await failure(hub.fetch({ tree: { ...tree, files: [...tree.files, ghost] }, revision: 'main', files: [ghost] }));
    expect(told).toEqual({ kind: 'UserError', reason: 'entry-not-found', message: 'me/model has no file ghost.safetensors' });
  });

  test('a token that is not valid', async () => {
    await using lab = await hubLab({}, { HF_TOKEN: 'hf_old' });
    await lab.local.commit('me/model', files);
    expect(await failure(lab.open().pin(model, 'main'))).toEqual({
      kind: 'UserError',
      reason: 'bad-token',
      message:
        'the token is not valid or has expired: run `hf auth login`, or set HF_TOKEN to a new one. The token from HF_TOKEN was sent.',
    });
    expect(lab.local.requests).toHaveLength(1);
  });

  test('a token that is none: nothing is asked', async () => {
    await using lab = await hubLab({}, { HF_TOKEN: 'secret' });
    await lab.local.commit('me/model', files);
    expect(await failure(lab.open().pin(model, 'main'))).toMatchObject({ kind: 'UserError', reason: 'bad-token' });
    expect(lab.local.requests).toHaveLength(0);
  });

  test('a repo that was disabled', async () => {
    await using lab = await hubLab();
    await lab.local.commit('me/model', files);
    const headers = { 'X-Error-Message': 'Access to this resource is disabled.' };
    lab.local.fault({ kind: 'status', match: /revision/, status: 403, headers });
    expect(await failure(lab.open().pin(model, 'main'))).toMatchObject({ kind: 'UserError', reason: 'disabled' });
  });
});

describe('a token', () => {
  test('is seen by the Hub, and by nobody else', async () => {
    await using lab = await hubLab({ pageSize: 1 }, { HF_TOKEN: 'hf_x' });
    const commit = await lab.local.commit('me/model', files, { private: true });
    const hub = lab.open();
    await lab.fetch(await hub.tree(model, commit), { hub });
    const of = (host: string) => lab.local.requests.filter((request) => request.host === host);
    expect(of('127.0.0.1').every(({ authorization }) => authorization)).toBe(true);
    expect(of('localhost').some(({ authorization }) => authorization)).toBe(false);
    expect([of('127.0.0.1').length, of('localhost').length]).toEqual([5, 3]);
  });

  test('is not given to a host that a page of the list names', async () => {
    await using lab = await hubLab({ pageSize: 1 }, { HF_TOKEN: 'hf_x' });
    const commit = await lab.local.commit('me/model', files);
    const page = `${lab.local.cdn}/api/models/me/model/tree/${commit}?recursive=true&expand=false&cursor=1`;
    lab.local.fault({ kind: 'headers', match: /tree/, headers: { Link: `<${page}>; rel="next"` } });
    await lab
      .open()
      .tree(model, commit)
      .catch(() => {});
    expect(lab.local.requests.filter(({ host }) => host === 'localhost').map(({ authorization }) => authorization)).toEqual([false]);
  });

  test('is in no message, even if a server repeats it', async () => {
    const token = 'hf_verysecretverysecret';
    await using lab = await hubLab({ tokens: [token] }, { HF_TOKEN: token });
    const said: string[] = [];
    for (const [i, match] of [/revision/, /HEAD/, /resolve-cache/, /cdn/].entries()) {
      const tree = await lab.put({ 'model.safetensors': someBytes(3 * segmentBytes, i + 2), 'config.json': `${i}` });
      const headers = { 'X-Error-Message': `I saw ${token}`, 'X-Request-Id': token };
      const fault = lab.local.fault({ kind: 'status', match, status: 418, headers, times: always });
      const hub = lab.open();
      said.push((await failure(hub.pin(model, 'main'))).message, (await failure(lab.fetch(tree, { hub }))).message);
      fault.stop();
    }
    expect(said.filter((message) => message.includes('418'))).toHaveLength(4);
    expect(said.join('\n')).not.toContain('secret');
    expect(said.join('\n')).toContain('I saw hf_...');
    expect(said.join('\n')).not.toMatch(/Signature|Expires/);
  });

  test('is in no file of the cache', async () => {
    await using lab = await hubLab({}, { HF_TOKEN: 'hf_x' });
    await lab.fetch(await lab.put(files));
    const own = readdirSync(lab.inCache('.qpipe')).map((name) => readFileSync(lab.inCache('.qpipe', name), 'utf8'));
    expect(own.join('\n')).not.toMatch(/hf_x|Signature|Expires/);
  });
});

describe('what answers in place of the Hub', () => {
  const places: [where: string, match: RegExp][] = [
    ['the commit', /revision/],
    ['the tree', /tree/],
    ['a small file', /GET .*resolve\//],
    ['the address of a large one', /HEAD/],
  ];
  test.each(places)('a login page for %s is recognised, and nothing of it kept', async (_, match) => {
    await using lab = await hubLab();
    const commit = await lab.local.commit('me/model', files);
    lab.local.fault({ kind: 'captive-portal', match, times: always });
    const hub = lab.open();
    const told = await failure(
      hub
        .pin(model, 'main')
        .then(() => hub.tree(model, commit))
        .then((tree) => lab.fetch(tree, { hub })),
    );
    expect(told).toEqual({
      kind: 'Failure',
      reason: 'not-a-hub',
      message: expect.stringMatching(
        /^http:\/\/127.0.0.1:\d+\/\S+ does not answer as a Hub does: is a login page of the network in between/,
      ),
    });
    expect(wholeBlobs(lab)).toEqual([]);
  });

  test.each(places)('a redirect to a login page for %s too', async (_, match) => {
    await using lab = await hubLab({}, { HF_TOKEN: 'hf_x' });
    await using portal = await loginPage();
    const commit = await lab.local.commit('me/model', files);
    const headers = { Location: `${portal.address}/login?next=x`, 'X-Repo-Commit': null as unknown as string };
    lab.local.fault({ kind: 'status', match, status: 302, headers, times: always });
    const hub = lab.open();
    const told = await failure(
      hub
        .pin(model, 'main')
        .then(() => hub.tree(model, commit))
        .then((tree) => lab.fetch(tree, { hub })),
    );
    expect(told).toMatchObject({ kind: 'Failure', reason: 'not-a-hub' });
    expect(portal.seen).toEqual([]);
  });

  test('redirects without end are not followed without end', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    lab.local.fault({
      kind: 'status',
      match: /HEAD/,
      status: 307,
      headers: { Location: '/me/model/resolve/round/and/round' },
      times: always,
    });
    expect(await failure(lab.fetch(tree))).toMatchObject({ reason: 'not-a-hub' });
    expect(lab.local.count(/HEAD/)).toBe(6);
  });
});

function wholeBlobs(lab: Awaited<ReturnType<typeof hubLab>>): string[] {
  return readdirSync(lab.space.root).includes('cache') ? readdirSync(lab.inCache('blobs')).filter((name) => name.length === 64) : [];
}

/** Tells what headers it was sent. */
async function loginPage() {
  const seen: unknown[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    response.setHeader('Content-Type', 'text/html').end('<p>Log in');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { seen, address: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: async () => void server.close() };
}
