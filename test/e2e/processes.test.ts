import '../support/own-machine.ts';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { parseRecord, type TaskRecord } from '../../src/store/record.ts';
import { type FakeLab, fakeLab } from '../support/fake-lab.ts';
import { substance } from '../support/lab.ts';
import { groupLives, runInProcess } from '../support/process.ts';
import { records } from '../support/suite.ts';

const soak = process.env['QPIPE_SOAK'] === '1';
const kills = soak ? 25 : 4;
const seeds = soak ? [1, 2, 3, 4, 5, 6, 7, 8] : [1];

/** Every record in the store, by key, all of them whole and with the bytes they promise. */
function validRecords(lab: FakeLab): Map<string, string> {
  const store = lab.store();
  return new Map(
    records(lab).map((key) => {
      const text = readFileSync(store.path('ac', key.slice(0, 2), `${key}.json`), 'utf8');
      const record = parseRecord(text) as TaskRecord;
      expect(record.key).toBe(key);
      for (const { sha256, size } of record.outputs) {
        const bytes = readFileSync(store.objectPath(sha256));
        expect(bytes.length).toBe(size);
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
      }
      return [key, text];
    }),
  );
}

describe('killing the process with -9 at any moment', () => {
  test.each(seeds)('leaves only whole records, and what was finished is not made again (seed %i)', { timeout: 600_000 }, async (seed) => {
    using lab = fakeLab();
    using undisturbed = fakeLab();
    const random = numbers(seed);
    let finished = new Map<string, string>();
    for (let i = 0; i < kills; i++) {
      const { child, ended } = runInProcess(lab);
      const calls = lab.fakes.calls().length + 1 + Math.floor(random() * 12);
      await vi.waitUntil(() => child.exitCode !== null || lab.fakes.calls().length >= calls, { timeout: 60_000, interval: 1 });
      child.kill('SIGKILL');
      await ended;
      const now = validRecords(lab);
      expect([...now].filter(([key]) => finished.has(key))).toEqual([...finished]);
      finished = now;
    }
    await vi.waitUntil(() => !lab.fakes.calls().some(({ pid, end }) => end === null && groupLives(pid)), { timeout: 5000 });
    const last = await lab.run();
    expect(last.ended('failed')).toEqual([]);
    expect(last.ran).toHaveLength(last.plan.tasks.length - finished.size);
    expect(substance(last)).toEqual(substance(await undisturbed.run()));
    expect(published(lab)).toEqual(published(undisturbed));
    expect(readdirSync(lab.store().path('tmp'))).toEqual([]);
  });

  test('takes the tools along', async () => {
    using lab = fakeLab();
    lab.fakes.misbehave({ at: 'imatrix', until: 'never' });
    const { child, ended } = runInProcess(lab);
    const { pid } = await lab.fakes.hasBegun('imatrix');
    child.kill('SIGKILL');
    await ended;
    await vi.waitUntil(() => !groupLives(pid), { timeout: 5000 });
  });
});

describe('two processes on one store', () => {
  test('execute each task once', async () => {
    using lab = fakeLab();
    const two = [runInProcess(lab), runInProcess(lab)];
    expect(await Promise.all(two.map(({ ended }) => ended))).toEqual([0, 0]);
    const done = two.flatMap(({ printed }) => [...printed().matchAll(/"type":"task-done","task":"([^"]+)"/g)].map(([, task]) => task));
    const planned = (await lab.run()).plan.tasks.map(({ id }) => id);
    expect(done.sort()).toEqual(planned.sort());
    const called = lab.fakes.called().filter((about) => about !== 'bench');
    expect(called).toHaveLength(new Set(called).size);
    validRecords(lab);
  });

  test('go on when one of them is killed', async () => {
    using lab = fakeLab();
    lab.fakes.misbehave({ at: 'quantize:Q4_K_M', until: 'go' });
    const one = runInProcess(lab);
    await lab.fakes.hasBegun('quantize:Q4_K_M');
    const other = runInProcess(lab);
    await vi.waitUntil(() => other.printed().includes('"type":"task-wait","task":"quantize:Q4_K_M"'), { timeout: 30_000 });
    one.child.kill('SIGKILL');
    await one.ended;
    lab.fakes.release('go');
    expect(await other.ended).toBe(0);
  });
});

function published({ workspace }: FakeLab): Record<string, string> {
  const names = readdirSync(workspace.path('out/tiny')).filter((name) => name.endsWith('.gguf'));
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(workspace.path('out/tiny', name)))
        .digest('hex'),
    ]),
  );
}

/** Numbers in 0 ... 1. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
