import { existsSync, readlinkSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Destination } from '../../../src/pipeline/destination.ts';
import type { KeptRun } from '../../../src/publish/kept.ts';
import { type PublishOptions, publish } from '../../../src/publish/publish.ts';
import { rollBack } from '../../../src/publish/roll-back.ts';
import type { Results } from '../../../src/results/schema.ts';
import { type FakeLab, fakeLab } from '../../support/fake-lab.ts';
import { failure } from '../../support/hub-lab.ts';
import { destination } from '../../support/publish-lab.ts';

/** Runs as they follow each other, and what each of them publishes. */
let lab: FakeLab;
let [one, again, other]: Results[] = [];
const kept: KeptRun = {
  version: 1,
  destinations: [],
  pipeline: null,
  lock: null,
  texts: [],
  licences: [],
  baseCard: null,
  hasAdapter: false,
  programs: '',
};

beforeAll(async () => {
  lab = fakeLab({ quants: ['Q8_0'], bench: 'none' });
  one = (await lab.run()).results;
  again = (await lab.run()).results;
  other = (await lab.run({ quants: ['Q8_0', 'Q4_K_M'] })).results;
}, 60_000);
afterAll(() => lab[Symbol.dispose]());

function folder(name: string, changes: Partial<Destination> = {}): Destination {
  const { rows, splitOver, texts, card, at } = destination();
  return { kind: 'folder', path: lab.workspace.path(name), keep: 3, rows, splitOver, texts, card, at, ...changes } as Destination;
}

function options(changes: Partial<PublishOptions> = {}): PublishOptions {
  return {
    store: lab.store(),
    asked: false,
    dryRun: false,
    openWriter: () => Promise.reject(new Error('a folder is no repo')),
    ...changes,
  };
}

const results = (of: Results | undefined): Results => of as Results;
const latest = (name: string) => readlinkSync(lab.workspace.path(name, 'latest'));

describe('a run by itself', () => {
  test('publishes what differs, and not what is there already', async () => {
    const to = folder('differs');
    expect(await publish(results(one), to, kept, options())).toMatchObject({ state: 'published' });
    expect(await publish(results(again), to, kept, options())).toMatchObject({
      state: 'skipped',
      notes: [`run ${one?.run.id} has published the same already`],
    });
    expect(await publish(results(other), to, kept, options())).toMatchObject({ state: 'published' });
    expect(latest('differs')).toBe(`builds/${other?.run.id}`);
  });

  test('that made nothing new brings the build that stands to what the pipeline says now, as the run that it is of', async () => {
    const { results: of } = { results: results(one) };
    const words: KeptRun = { ...kept, lock: '{"version":1}' };
    lab.workspace.write(`out/store/runs/${of.run.id}/results.json`, JSON.stringify(of));
    lab.workspace.write(`out/store/runs/${of.run.id}/publish.json`, JSON.stringify(words));
    await publish(of, folder('kept-up'), words, options());
    const { card } = destination();
    const said = folder('kept-up', { card: { ...card, summary: 'Baked every night.' } });
    const done = await publish(results(again), said, { ...kept, lock: '{"version":1,"sources":{}}' }, options());
    expect(done).toMatchObject({
      state: 'published',
      run: of.run.id,
      notes: expect.arrayContaining([expect.stringContaining('is in order')]),
    });
    expect(latest('kept-up')).toBe(`builds/${of.run.id}-2`);
    const text = lab.workspace.read('kept-up/latest/README.md');
    expect(text).toContain('Baked every night.');
    expect(text).toContain(`run ${of.run.id}`);
    expect(lab.workspace.read('kept-up/latest/qpipe.lock.json')).toBe('{"version":1}');
    expect(await publish(results(again), said, kept, options())).toMatchObject({ state: 'skipped' });
    rmSync(lab.workspace.path('out/store/runs', of.run.id, 'publish.json'));
  });

  test('brings back what somebody has removed, and says so', async () => {
    const to = folder('removed');
    await publish(results(one), to, kept, options());
    rmSync(lab.workspace.path('removed/builds', one?.run.id ?? ''), { recursive: true });
    expect(await publish(results(one), to, kept, options())).toMatchObject({
      state: 'published',
      notes: expect.arrayContaining([expect.stringMatching(/was missing .* is in order: builds\/.*Tiny-Q8_0\.gguf/)]),
    });
    expect(existsSync(lab.workspace.path('removed/latest/Tiny-Q8_0.gguf'))).toBe(true);
    expect(await publish(results(one), to, kept, options())).toMatchObject({ state: 'skipped' });
  });

  test('takes nothing away from another pipeline, unless somebody asks for it', async () => {
    const to = folder('shared');
    await publish(results(one), to, kept, options());
    const others = { ...results(other), pipeline: 'weekly' };
    await expect(publish(others, to, kept, options())).rejects.toThrow(`holds builds of the pipeline ${results(one).pipeline}`);
    expect(latest('shared')).toBe(`builds/${one?.run.id}`);
    expect(await publish(others, to, kept, options({ asked: true }))).toMatchObject({ state: 'published' });
    expect(await rollBack(results(one).pipeline, to, options({ asked: true }))).toMatchObject({ state: 'skipped' });
  });

  test('leaves a build that was taken back alone, until somebody asks for it', async () => {
    const to = folder('taken');
    for (const of of [one, other]) await publish(results(of), to, kept, options());
    expect(await rollBack(results(one).pipeline, to, options({ asked: true }))).toMatchObject({ state: 'back', run: one?.run.id });
    expect(latest('taken')).toBe(`builds/${one?.run.id}`);
    expect(await publish(results(other), to, kept, options())).toMatchObject({
      state: 'skipped',
      notes: [expect.stringContaining('was taken back')],
    });
    expect(latest('taken')).toBe(`builds/${one?.run.id}`);
    expect(await publish(results(other), to, kept, options({ asked: true }))).toMatchObject({ state: 'published' });
    expect(latest('taken')).toBe(`builds/${other?.run.id}`);
  });

  test('leaves it alone with fewer rows, with other parts, and measured anew, too', async () => {
    const to = (changes: object = {}) => folder('taken-in-part', changes as Partial<Destination>);
    await publish(results(one), to({ rows: ['base'] }), kept, options());
    await publish(results(other), to(), kept, options());
    await rollBack(results(one).pipeline, to(), options({ asked: true }));
    const anew = { ...results(other), rows: results(other).rows.map((row) => ({ ...row, evaluations: [] })) } as unknown as Results;
    for (const [of, changes] of [
      [results(other), { rows: ['q4_k_m'] }],
      [anew, {}],
      [results(other), {}],
    ] as const)
      expect(await publish(of, to(changes), kept, options())).toMatchObject({
        state: 'skipped',
        notes: expect.arrayContaining([expect.stringContaining('was taken back')]),
      });
    expect(latest('taken-in-part')).toBe(`builds/${one?.run.id}`);
  });

  test('two at once take turns, and the second has nothing to do', async () => {
    const to = folder('turns');
    let waited = 0;
    const both = await Promise.all(
      [1, 2].map(() => publish(results(one), to, kept, options({ asked: true, onWait: () => void waited++ }))),
    );
    expect(both.map(({ state }) => state).toSorted()).toEqual(['published', 'unchanged']);
    expect(waited).toBe(1);
  });
});

test('the way back needs a build before', async () => {
  const to = folder('first');
  await publish(results(one), to, kept, options());
  expect(await rollBack(results(one).pipeline, to, options({ asked: true }))).toMatchObject({
    state: 'skipped',
    notes: [expect.stringContaining('no build before')],
  });
  expect(existsSync(lab.workspace.path('first', 'latest'))).toBe(true);
});

test('only some rows go where the pipeline says so, and rows that are not there are named', async () => {
  const some = await publish(results(other), folder('some', { rows: ['q4_k_m'] }), kept, options());
  expect(some.steps.map(({ path }) => path).filter((path) => path.endsWith('K_M.gguf') || path.endsWith('Q8_0.gguf'))).toEqual([
    expect.stringContaining('Tiny-Q4_K_M.gguf'),
  ]);
  expect(await failure(publish(results(other), folder('some', { rows: ['Q2_K'] }), kept, options()))).toMatchObject({
    message: 'publish: the run has no file of Q2_K; it has base, q8_0, q4_k_m',
  });
});

test('what was removed from the store is told, and nothing is half published', async () => {
  const of = results(other);
  const row = of.rows.find(({ name }) => name === 'Q4_K_M');
  const broken = {
    ...of,
    rows: of.rows.map((one) => (one === row && one.file ? { ...one, file: { ...one.file, sha256: '0'.repeat(64) } } : one)),
  };
  expect(await failure(publish(broken, folder('gone'), kept, options()))).toMatchObject({
    kind: 'Failure',
    message: expect.stringContaining('Tiny-Q4_K_M.gguf is no longer in the store'),
  });
  expect(existsSync(lab.workspace.path('gone'))).toBe(false);
});
