import { describe, expect, test } from 'vitest';
import { explaining, type Wanted } from '../../../src/hub/explain.ts';
import { Interruption, Refusal, type RefusalFacts } from '../../../src/hub/refusal.ts';
import { hubSite } from '../../../src/hub/site.ts';

const wanted: Wanted = { repo: { type: 'model', name: 'me/model' }, revision: 'main', file: 'a.gguf' };
const site = hubSite({}, { HF_HOME: '/home/me/.hf', HF_HUB_CACHE: '/cache' });
const sentHere = 'The token from HF_TOKEN was sent.';
const noneSent = 'No token was sent: there is none in HF_TOKEN, HUGGING_FACE_HUB_TOKEN, /home/me/.hf/token.';

function refused(facts: Partial<RefusalFacts>): Refusal {
  return new Refusal({
    status: 404,
    address: 'https://huggingface.co/x',
    ofHub: true,
    code: '',
    text: '',
    requestId: '',
    waitMs: null,
    ...facts,
  });
}

async function told(error: unknown, { withToken = false, of = wanted } = {}) {
  const network = { token: withToken ? { value: 'hf_secret', from: 'HF_TOKEN' } : null };
  const thrown = await explaining(of, { site, network }, async () => {
    throw error;
  }).catch((explained: unknown) => explained as Error & { reason: string });
  return { kind: thrown.name, reason: thrown.reason, message: thrown.message };
}

describe('what the Hub refuses', () => {
  test.each([401, 403])('a gated repo, with %i', async (status) => {
    const { repo } = wanted;
    expect(await told(refused({ status, code: 'GatedRepo', text: 'Access to this repo is restricted.' }))).toEqual({
      kind: 'UserError',
      reason: 'gated',
      message:
        'me/model is gated: accept its licence at https://huggingface.co/me/model, then set HF_TOKEN to a token of that account, ' +
        `or run \`hf auth login\`. ${noneSent}`,
    });
    const ofData = await told(refused({ status, code: 'GatedRepo' }), { withToken: true, of: { repo: { ...repo, type: 'dataset' } } });
    expect(ofData.message).toContain('https://huggingface.co/datasets/me/model');
    expect(ofData.message).toContain(sentHere);
  });

  test.each([
    ['RepoNotFound', 401],
    ['RepoNotFound', 404],
    ['', 401],
  ])('a repo that is missing, by %j and %i', async (code, status) => {
    expect(await told(refused({ status, code }), { withToken: true })).toEqual({
      kind: 'UserError',
      reason: 'repo-not-found',
      message: `the Hub shows no model me/model: it is missing, or private and needs a token. ${sentHere}`,
    });
  });

  const mistakes: [what: string, facts: Partial<RefusalFacts>, reason: string, message: RegExp][] = [
    ['a revision', { code: 'RevisionNotFound' }, 'revision-not-found', /^me\/model has no branch, tag or commit main; https:\/\/hugg/],
    ['a file', { code: 'EntryNotFound' }, 'entry-not-found', /^me\/model has no file a\.gguf at main$/],
    [
      'a token',
      { status: 401, text: 'Invalid credentials in Authorization header' },
      'bad-token',
      /not valid or has expired: run `hf auth login`/,
    ],
    ['a right', { status: 403, text: 'Forbidden' }, 'bad-token', /does not allow this token to read me\/model \(Forbidden\)/],
    [
      'a disabled repo',
      { status: 403, text: 'Access to this resource is disabled.' },
      'disabled',
      /^the Hub has disabled access to me\/model/,
    ],
  ];
  test.each(mistakes)('%s', async (_, facts, reason, message) => {
    expect(await told(refused(facts))).toEqual({ kind: 'UserError', reason, message: expect.stringMatching(message) });
  });

  const failures: [what: string, facts: Partial<RefusalFacts>, reason: string, message: RegExp][] = [
    [
      'what it cannot do now',
      { status: 502, requestId: 'r-1' },
      'server',
      /^the Hub is in trouble: .*\(request r-1\) answers with status 502/,
    ],
    ['too many requests', { status: 429 }, 'server', /allows no more requests for now/],
    ['anything else', { status: 418, text: '\u001b[31mno' }, 'refused', /refused with status 418 \(\ufffd\[31mno\)$/],
    ['bytes that its storage cannot hand out now', { status: 503, ofHub: false }, 'server', /refused a\.gguf with status 503/],
    ['bytes at its storage', { status: 403, ofHub: false }, 'refused', /^https:\/\/huggingface.co\/x refused a\.gguf with status 403\./],
  ];
  test.each(failures)('%s', async (_, facts, reason, message) => {
    expect(await told(refused(facts))).toEqual({ kind: 'Failure', reason, message: expect.stringMatching(message) });
  });
});

test('a network that is down for good', async () => {
  expect(await told(new Interruption('huggingface.co: connect ECONNREFUSED'))).toEqual({
    kind: 'Failure',
    reason: 'network',
    message:
      'a.gguf could not be fetched, after many tries: huggingface.co: connect ECONNREFUSED. What has come is kept; run again when the network is back',
  });
});

const disk: [code: string, kind: string, reason: string, message: string][] = [
  ['ENOSPC', 'Failure', 'disk-full', 'the disk of /cache is full'],
  ['EDQUOT', 'Failure', 'disk-full', 'the disk of /cache is full'],
  ['EIO', 'Failure', 'disk', '/cache cannot be used: EIO: said the system. What has come is kept'],
  ['EROFS', 'UserError', 'not-writable', '/cache/x cannot be written (EROFS)'],
  ['EACCES', 'UserError', 'not-writable', 'let HF_HUB_CACHE name a folder that can'],
];
test.each(disk)('a disk that answers %s', async (code, kind, reason, message) => {
  const error = Object.assign(new Error(`${code}: said the system`), { code, syscall: 'write', path: '/cache/x' });
  expect(await told(error)).toEqual({ kind, reason, message: expect.stringContaining(message) });
});

test('what is nobody else’s fault passes through', async () => {
  const bug = new TypeError('x is not a function');
  await expect(explaining(wanted, { site, network: { token: null } }, () => Promise.reject(bug))).rejects.toBe(bug);
});
