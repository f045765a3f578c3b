import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { failure, hubLab, model, sha256 } from '../../support/hub-lab.ts';

const oid = '1'.repeat(40);

const leaving = ['../../../../evil', '/etc/evil', 'a/../../evil', 'a\\..\\evil', 'C:\\evil', 'evil\0.txt', './evil', 'a//evil', '..'];
test.each(leaving)('a file called %j is refused with all of its repo, before anything is written', async (path) => {
  await using lab = await hubLab();
  const commit = await lab.local.commit('me/model', { 'config.json': '{}' });
  lab.local.fault({ kind: 'entries', match: /tree/, entries: [{ type: 'file', path, size: 2, oid }] });
  expect(await failure(lab.open().tree(model, commit))).toMatchObject({ kind: 'Failure', reason: 'bad-name' });
  expect(existsSync(lab.space.path('cache'))).toBe(false);
});

const entries: [what: string, entry: object][] = [
  ['an id that is a path', { path: 'a', size: 2, oid: '../../../evil' }],
  ['a digest that is a path', { path: 'a', size: 2, oid, lfs: { oid: '../../evil', size: 2, pointerSize: 130 } }],
  ['a size that is none', { path: 'a', size: -1, oid }],
  ['a size beyond all disks', { path: 'a', size: 1e300, oid }],
  ['no size', { path: 'a', oid }],
  ['a name that is there already', { path: 'config.json', size: 2, oid }],
];
test.each(entries)('a list with %s is not believed', async (_, entry) => {
  await using lab = await hubLab();
  const commit = await lab.local.commit('me/model', { 'config.json': '{}' });
  lab.local.fault({ kind: 'entries', match: /tree/, entries: [{ type: 'file', ...entry }] });
  expect(await failure(lab.open().tree(model, commit))).toMatchObject({ kind: 'Failure', reason: 'not-a-hub' });
});

test('a list in the cache that leads out of its folder is refused too', async () => {
  await using lab = await hubLab();
  const commit = await lab.local.commit('me/model', { 'config.json': '{}' });
  const written = { format_version: 1, files: { '../evil': { size: 2, blob_id: oid } } };
  lab.space.write(`cache/models--me--model/trees/${commit}.json`, JSON.stringify(written));
  expect(await failure(lab.open().tree(model, commit))).toMatchObject({ reason: 'bad-name' });
});

test.each(['../../evil', '/evil', 'a\\b'])('a revision %j is refused before anything is asked', async (revision) => {
  await using lab = await hubLab();
  const tree = await lab.put({ 'config.json': '{}' });
  const asked = lab.local.requests.length;
  expect(await failure(lab.open().tree(model, revision))).toMatchObject({ kind: 'UserError', reason: 'revision-not-found' });
  expect(await failure(lab.open().pin(model, revision))).toMatchObject({ kind: 'UserError', reason: 'revision-not-found' });
  expect(await failure(lab.open({ offline: true }).pin(model, revision))).toMatchObject({ reason: 'revision-not-found' });
  expect(await failure(lab.fetch(tree, { revision }))).toMatchObject({ reason: 'revision-not-found' });
  expect(lab.local.requests).toHaveLength(asked);
});

test.each(['../evil/model', 'me/../../evil', 'a/b/c', 'me/model?x=y'])('a repo %j is refused before anything is asked', async (name) => {
  await using lab = await hubLab();
  expect(await failure(lab.open().pin({ ...model, name }, 'main'))).toMatchObject({ kind: 'UserError', reason: 'repo-not-found' });
  expect(await failure(lab.open().tree({ ...model, name }, '0'.repeat(40)))).toMatchObject({ reason: 'repo-not-found' });
  expect(lab.local.requests).toHaveLength(0);
});

test('unusual names that are files come as they are', async () => {
  await using lab = await hubLab();
  const names = ['a b.txt', 'é.txt', 'q?x=1#y.txt', '100%.txt', "it's.txt", '-rf', '.hidden', 'deep/er/and/deeper/file', 'line\nline.txt'];
  const tree = await lab.put(Object.fromEntries(names.map((name) => [name, name])));
  const fetched = await lab.fetch(tree);
  for (const name of names) expect(sha256(fetched.read(name))).toBe(sha256(Buffer.from(name)));
});
