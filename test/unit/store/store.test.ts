import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { digestOf } from '../../../src/plan/canonical.ts';
import { Store } from '../../../src/store/store.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const key = digestOf('test', 'a key');

async function commitOne(store: Store, content: string) {
  const attempt = store.newAttempt(key);
  writeFileSync(join(attempt, 'model.gguf'), content);
  const meta = {
    key,
    task: 't',
    preimage: { op: 'convert', opVersion: 1, params: {}, inputs: {}, identity: {} },
    result: { n: 1 },
    commands: [],
    startedAt: '',
    seconds: 1,
    threads: 1,
    host: 'h',
  };
  return await store.commit(attempt, [{ name: 'model.gguf', path: join(attempt, 'model.gguf') }], meta);
}

function openIn(space: Workspace): Store {
  return Store.open(space.path('store'));
}

describe('Store', () => {
  test('gives back what was committed, read only', async () => {
    using space = workspace();
    const store = openIn(space);
    const record = await commitOne(store, 'bytes');
    expect(store.read(key)).toEqual(record);
    expect(store.damaged(record)).toEqual([]);
    expect(statSync(store.objectPath(record.outputs[0]?.sha256 ?? '')).mode & 0o777).toBe(0o444);
  });

  test('knows nothing before the record is in place', () => {
    using space = workspace();
    const store = openIn(space);
    store.newAttempt(key);
    expect(store.read(key)).toBeNull();
  });

  test.each([
    ['a torn record', '{"v":1,"key"'],
    ['another key', '{}'],
    ['an empty file', ''],
  ])('takes %s as a miss', async (_what, text) => {
    using space = workspace();
    const store = openIn(space);
    await commitOne(store, 'bytes');
    writeFileSync(store.path('ac', key.slice(0, 2), `${key}.json`), text);
    expect(store.read(key)).toBeNull();
  });

  test('notices bytes that were edited in place, and replaces them', async () => {
    using space = workspace();
    const store = openIn(space);
    const record = await commitOne(store, 'bytes');
    const object = store.objectPath(record.outputs[0]?.sha256 ?? '');
    chmodSync(object, 0o644);
    writeFileSync(object, 'bytez');
    expect(store.damaged(record)).toEqual(['model.gguf']);
    const again = await commitOne(store, 'bytes');
    expect(store.damaged(again)).toEqual([]);
  });

  test('names dropped bytes as damaged and keeps the record', async () => {
    using space = workspace();
    const store = openIn(space);
    const record = await commitOne(store, 'bytes');
    store.drop(record.outputs[0]?.sha256 ?? '');
    expect(store.read(key)).toEqual(record);
    expect(store.damaged(record)).toEqual(['model.gguf']);
  });

  test('sweeps what a killed attempt left, but not one whose lock is held', async () => {
    using space = workspace();
    const store = openIn(space);
    const other = digestOf('test', 'other');
    store.newAttempt(key);
    const held = store.newAttempt(other);
    using _lock = await store.lockKey(other, {});
    store.sweep();
    expect(readdirSync(store.path('tmp'))).toEqual([held.split('/').at(-1)]);
  });

  test('sweeps what a killed process had a program print, but not what a living one has', () => {
    using space = workspace();
    const store = openIn(space);
    const { pid } = spawnSync('true');
    const living = `publish-${process.pid}-x`;
    for (const name of [`publish-${pid}-x`, living]) space.write(`store/tmp/${name}/stdout`, 'a token');
    store.sweep();
    expect(readdirSync(store.path('tmp'))).toEqual([living]);
  });

  test('refuses a store of a newer layout', () => {
    using space = workspace();
    openIn(space);
    space.write('store/format.json', '{"version":99}');
    expect(() => openIn(space)).toThrow(/newer qpipe/);
  });

  test('remembers the last key of a task', () => {
    using space = workspace();
    const store = openIn(space);
    expect(store.readRef('demo', 'quantize:Q4_K_M')).toBeNull();
    store.writeRef('demo', 'quantize:Q4_K_M', key);
    expect(store.readRef('demo', 'quantize:Q4_K_M')).toBe(key);
    expect(existsSync(store.path('refs', 'demo'))).toBe(true);
  });
});

describe('a copy of a small file', () => {
  const sha256 = '2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae';

  test('is there after the file was written over, read only', () => {
    using space = workspace();
    const store = openIn(space);
    store.keepCopy(space.write('vocab.txt', 'foo'), sha256);
    space.write('vocab.txt', 'bar');
    expect(readFileSync(store.objectPath(sha256), 'utf8')).toBe('foo');
    expect(statSync(store.objectPath(sha256)).mode & 0o222).toBe(0);
    expect(readdirSync(store.path('tmp'))).toEqual([]);
  });

  test('is none when the file is another one by now', () => {
    using space = workspace();
    const store = openIn(space);
    store.keepCopy(space.write('vocab.txt', 'bar'), sha256);
    expect(existsSync(store.objectPath(sha256))).toBe(false);
    expect(readdirSync(store.path('tmp'))).toEqual([]);
  });
});
