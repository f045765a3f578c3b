import { chmodSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { digestOf } from '../../../src/plan/canonical.ts';
import { keyOf, preimageOf } from '../../../src/plan/key.ts';
import type { Task } from '../../../src/plan/task.ts';
import { verifyStore } from '../../../src/provenance/verify-store.ts';
import { Store } from '../../../src/store/store.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

let space: Workspace;
let store: Store;
let object: string;
let key: string;

beforeEach(async () => {
  space = workspace();
  store = Store.open(space.path('store'));
  const task = {
    id: 'convert',
    op: 'convert',
    params: {},
    inputs: {},
    outputs: ['model.gguf'],
    identity: {},
    exclusive: false,
    gpu: false,
  };
  const preimage = preimageOf(task as unknown as Task, {});
  key = keyOf(preimage);
  const attempt = store.newAttempt(key);
  const path = space.write('made/model.gguf', 'weights');
  const rest = { key, task: 'convert', preimage, result: {}, commands: [], startedAt: '', seconds: 1, threads: 1, host: 'here' };
  const record = await store.commit(attempt, [{ name: 'model.gguf', path }], rest);
  object = record.outputs[0]?.sha256 ?? '';
});

afterEach(() => space[Symbol.dispose]());

test('a store whose bytes are what they are called has no problems, and progress comes to the end', async () => {
  const told: [number, number][] = [];
  const found = await verifyStore(store, { onProgress: (done, total) => told.push([done, total]) });
  expect(found).toEqual({ objects: 1, bytes: 7, records: 1, gone: 0, problems: [] });
  expect(told.at(-1)).toEqual([7, 7]);
});

test('an object that was edited in place is named with the task that made it', async () => {
  chmodSync(store.objectPath(object), 0o644);
  writeFileSync(store.objectPath(object), 'WEIGHTS');
  expect((await verifyStore(store)).problems).toEqual([
    { id: object, kind: 'object', problem: expect.stringMatching(/^its bytes have the digest [0-9a-f]{64}$/), task: 'convert' },
  ]);
});

test('an object that nobody keeps any more is counted, and no problem', async () => {
  rmSync(store.objectPath(object));
  expect(await verifyStore(store)).toMatchObject({ objects: 0, gone: 1, problems: [] });
});

test.each([
  ['cut', (text: string) => text.slice(0, 40), 'it cannot be read, or was written for another key'],
  ['forged', (text: string) => text.replace('"params":{}', '"params":{"type":"f16"}'), 'what it says it was made from has another key'],
])('a record that was %s is named', async (_what, change, problem) => {
  const path = store.path('ac', key.slice(0, 2), `${key}.json`);
  writeFileSync(path, change(space.read(`store/ac/${key.slice(0, 2)}/${key}.json`)));
  expect((await verifyStore(store)).problems).toEqual([expect.objectContaining({ id: key, kind: 'record', problem })]);
  expect(readdirSync(store.path('ac', key.slice(0, 2)))).toHaveLength(1);
});

test('the parts that a file is published in have records too', async () => {
  const preimage = { op: 'split', opVersion: 1, params: {}, inputs: {}, identity: {} };
  const own = digestOf('split', preimage);
  const rest = { key: own, task: 'split:Tiny', preimage, result: {}, commands: [], startedAt: '', seconds: 1, threads: 1, host: 'here' };
  await store.commit(store.newAttempt(own), [{ name: 'Tiny-00001-of-00001.gguf', path: space.write('made/part', 'part') }], rest);
  expect(await verifyStore(store)).toMatchObject({ records: 2, problems: [] });
});
