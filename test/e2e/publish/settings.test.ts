import { describe, expect, test } from 'vitest';
import type { RepoId } from '../../../src/hub/repo.ts';
import { publishToHub } from '../../../src/publish/hub/publish-hub.ts';
import { failure, someBytes } from '../../support/hub-lab.ts';
import { destination, type PublishLab, publishLab, repo } from '../../support/publish-lab.ts';

/** What a repo becomes when its settings change between two nights of one build, in the pipeline or by hand. */
const [q8, q4] = [someBytes(30_000, 1), someBytes(30_000, 2)];
const id: RepoId = { type: 'model', name: repo };
const bearer = { headers: { authorization: 'Bearer hf_x' } };

const publish = (lab: PublishLab, of = destination(), asked = false) =>
  publishToHub(lab.build('R1', { Q8_0: q8, Q4_0: q4 }), of, lab.context(of, { asked }));

const isPublic = async ({ local }: PublishLab) => (await fetch(`${local.endpoint}/api/models/${repo}`)).status === 200;

async function commitOf({ local }: PublishLab, revision: string): Promise<string | undefined> {
  return ((await (await fetch(`${local.endpoint}/api/models/${repo}/revision/${revision}`, bearer)).json()) as { sha?: string }).sha;
}

async function byHand<T>(
  lab: PublishLab,
  does: (writer: Awaited<ReturnType<ReturnType<PublishLab['context']>['openWriter']>>) => Promise<T>,
) {
  const writer = await lab.context(destination()).openWriter();
  try {
    return await does(writer);
  } finally {
    await writer.close();
  }
}

/** Changes that were asked for since then. */
function changes({ local }: PublishLab, since: number): string[] {
  return local.requests
    .slice(since)
    .filter(({ method, url }) => !/^(GET|HEAD)$/.test(method) && !/validate-yaml/.test(url))
    .map(({ method, url }) => `${method} ${url.replace(/^.*(settings|tag|commit|storage).*$/, '$1')}`);
}

const [hidden, shown] = [destination(), destination({ visibility: 'public' })];

describe('visibility', () => {
  test('private, then public: all that is done is to show it', async () => {
    await using lab = await publishLab();
    await publish(lab, hidden);
    const since = lab.local.requests.length;
    expect(await publish(lab, shown)).toMatchObject({
      state: 'published',
      steps: expect.arrayContaining([expect.objectContaining({ path: 'visibility: public' })]),
    });
    expect(await isPublic(lab)).toBe(true);
    expect(changes(lab, since)).toEqual(['PUT settings']);
    expect(await publish(lab, shown)).toMatchObject({ state: 'unchanged' });
  });

  test('public, then private: it is hidden, as it was public by the pipeline alone', async () => {
    await using lab = await publishLab();
    await publish(lab, shown);
    const since = lab.local.requests.length;
    expect(await publish(lab, hidden)).toMatchObject({ state: 'published', notes: [expect.stringContaining('becomes private')] });
    expect(await isPublic(lab)).toBe(false);
    expect(changes(lab, since)).toEqual(['PUT settings']);
    await byHand(lab, (writer) => writer.setVisibility(id, 'public'));
    expect(await failure(publish(lab, hidden))).toMatchObject({ kind: 'UserError', reason: 'not-private' });
    expect(await isPublic(lab)).toBe(true);
  });

  test('hidden by hand: no run shows it again, unless somebody asks', async () => {
    await using lab = await publishLab();
    await publish(lab, shown);
    await byHand(lab, (writer) => writer.setVisibility(id, 'private'));
    expect(await publish(lab, shown)).toMatchObject({
      state: 'unchanged',
      notes: [expect.stringContaining('somebody has made the repo private')],
    });
    expect(await isPublic(lab)).toBe(false);
    expect(await publish(lab, shown, true)).toMatchObject({ state: 'published' });
    expect(await isPublic(lab)).toBe(true);
  });
});

describe('a tag', () => {
  test('that is new stands at the commit of the build, and the one before stays where it was', async () => {
    await using lab = await publishLab();
    const { commit } = await publish(lab, destination({ tag: 'nightly' }));
    // The repo goes on, and the build does not.
    await lab.local.commit(repo, { 'notes.txt': 'by hand' });
    const since = lab.local.requests.length;
    expect(await publish(lab, destination({ tag: 'nightly' }))).toMatchObject({ state: 'unchanged' });
    expect(changes(lab, since)).toEqual([]);
    expect(await publish(lab, destination({ tag: 'stable' }))).toMatchObject({ state: 'published' });
    expect(await commitOf(lab, 'stable')).toBe(commit);
    expect(await commitOf(lab, 'nightly')).toBe(commit);
  });

  test('that somebody has moved comes back', async () => {
    await using lab = await publishLab();
    const { commit } = await publish(lab, destination({ tag: 'nightly' }));
    await lab.local.commit(repo, { 'notes.txt': 'by hand' });
    const other = await commitOf(lab, 'main');
    await byHand(lab, (writer) => writer.setTag(id, 'nightly', other ?? ''));
    await publish(lab, destination({ tag: 'nightly' }));
    expect(await commitOf(lab, 'nightly')).toBe(commit);
  });
});

test('files that somebody has removed come back, and nothing else is sent', async () => {
  await using lab = await publishLab();
  const of = destination({ tag: 'nightly' });
  const { commit } = await publish(lab, of);
  const whole = await lab.held();
  await byHand(lab, (writer) =>
    writer.commit({ repo: id, parent: commit ?? '', title: 'by hand', add: [], remove: ['Tiny-Q4_0.gguf', 'SHA256SUMS'] }),
  );
  const mended = await publish(lab, of);
  expect(mended).toMatchObject({ state: 'published' });
  expect(
    mended.steps
      .filter(({ what }) => what === 'send')
      .map(({ path }) => path)
      .toSorted(),
  ).toEqual(expect.arrayContaining(['SHA256SUMS', 'Tiny-Q4_0.gguf']));
  expect(mended.steps.some(({ what, path }) => what === 'send' && path === 'Tiny-Q8_0.gguf')).toBe(false);
  expect(await lab.held()).toEqual(whole);
  expect(await commitOf(lab, 'nightly')).toBe(mended.commit);
});
