import { appendFileSync, chmodSync, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explain, type Preview, preview, type Reason } from '../../src/index.ts';
import { expectedTools } from '../../src/setup/expected-tools.ts';
import { sha256FileSync } from '../../src/store/digest.ts';
import { type FakeLab, fakeLab } from '../support/fake-lab.ts';
import type { Written } from '../support/lab.ts';

let lab: FakeLab;
beforeEach(() => {
  lab = fakeLab();
});
afterEach(() => lab[Symbol.dispose]());

const quick: Written = { bench: 'none', quants: ['Q4_K_M', 'Q2_K'] };
type Settings = Parameters<FakeLab['look']>[1];

async function planned(changes: Written = {}, settings: Settings & { force?: string[] } = {}): Promise<Preview> {
  const { plan, facts, store } = await lab.look({ ...quick, ...changes }, settings);
  return preview(plan, facts, { store, ...(settings.force ? { force: settings.force } : {}) });
}

async function explained(task: string, changes: Written = {}, settings: Settings = {}) {
  const { plan, facts, store } = await lab.look({ ...quick, ...changes }, settings);
  const [one] = explain(plan, facts, [task], { store });
  if (!one) throw new Error(`${task} is not explained`);
  return one;
}

const states = ({ tasks }: Preview) => Object.fromEntries(tasks.map(({ id, state }) => [id, state]));
const reasons = ({ tasks }: Preview, id: string): Reason[] => tasks.find((task) => task.id === id)?.reasons ?? [];
const edit = (file: string) => appendFileSync(lab.workspace.path('work', file), ' And one more sentence at the end of it all.');

/** Everything of a folder that a program could have changed. */
function snapshot(root: string): Record<string, string> {
  const entries = readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();
  return Object.fromEntries(
    entries.map((name) => {
      const stat = lstatSync(join(root, name), { bigint: true });
      const bytes = stat.isFile() ? sha256FileSync(join(root, name)) : '';
      return [name, `${stat.mode} ${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${bytes}`];
    }),
  );
}

describe('a plan', () => {
  test('before the first run: everything has to run, with sizes that are estimates', async () => {
    const first = await planned();
    expect(first.tasks.map(({ state }) => state)).toEqual(first.tasks.map(() => 'run'));
    expect(reasons(first, 'quantize:Q2_K')).toEqual([{ kind: 'never-run' }]);
    expect(first.tasks.find(({ id }) => id === 'convert')?.outputs['model.gguf']).toMatchObject({ exact: false, method: 'headers' });
    expect(first.files.map(({ name }) => name)).toEqual(['Tiny-F16.gguf', 'Tiny-Q4_K_M.gguf', 'Tiny-Q2_K.gguf']);
    expect(first.disk.exact).toBe(false);
    expect(first.disk.toWriteBytes).toBeGreaterThan(0);
  });

  test('after a run: everything is made, with the sizes of what is there', async () => {
    await lab.run(quick);
    const after = await planned();
    expect(new Set(Object.values(states(after)))).toEqual(new Set(['made']));
    expect(after.disk).toMatchObject({ toWriteBytes: 0, peakBytes: 0, exact: true });
    for (const { name, bytes, exact } of after.files)
      expect({ bytes, exact }).toEqual({ bytes: lstatSync(lab.workspace.path('out', 'tiny', name)).size, exact: true });
  });

  test('is the same as what the run then does', async () => {
    await lab.run(quick);
    edit('calibration.txt');
    const before = await planned();
    const { ran, ended } = await lab.run(quick);
    for (const { id, state } of before.tasks) {
      if (state === 'run') expect(ran).toContain(id);
      if (state === 'made') expect(ended('made')).toContain(id);
    }
  });

  test('changes nothing: the store, the out folder and the sources are the same to the last time stamp', async () => {
    await lab.run(quick);
    edit('calibration.txt');
    // An object that was moved: a run would learn its new place.
    const object = readdirSync(lab.workspace.path('out/store/cas'), { recursive: true, encoding: 'utf8' }).find((name) => name.length > 60);
    const path = lab.workspace.path('out/store/cas', object ?? '');
    const bytes = readFileSync(path);
    rmSync(path);
    lab.workspace.write(`out/store/cas/${object}`, bytes);
    const everything = () => ['work', 'out'].map((folder) => snapshot(lab.workspace.path(folder)));
    const before = everything();
    await planned();
    await explained('quantize:Q2_K');
    expect(everything()).toEqual(before);
  });

  test('makes no store where there is none', async () => {
    await planned();
    expect(readdirSync(lab.workspace.root)).not.toContain('out');
  });

  test('without tools names the types as the pinned release has them, unchecked', async () => {
    const without = await planned({ quants: ['k', 'IQ2_XXS'], imatrix: 'none' }, { tools: expectedTools() });
    expect(without.notes).toContain('types not checked: run qpipe setup');
    expect(without.tasks.map(({ id }) => id)).toContain('quantize:Q6_K');
    expect(reasons(without, 'quantize:IQ2_XXS')).toEqual([{ kind: 'no-tools' }]);
    expect(without.tasks.find(({ id }) => id === 'quantize:Q6_K')?.outputs['quant.gguf']?.method).toBe('bits per weight');
  });

  test('says what a dry run already shows to fail', async () => {
    await lab.run(quick);
    const { tasks } = await planned({ quants: [{ type: 'Q4_0', tensors: { 'no\\.such\\.tensor': 'Q8_0' } }] });
    expect(tasks.find(({ id }) => id === 'quantize:Q4_0')?.problem).toContain('matches no tensor');
  });

  test('counts what is not kept only while it is there', async () => {
    const { plan, facts, store } = await lab.look({ ...quick, keep: 'none' });
    const [one, all] = await Promise.all([1, 8].map((threads) => preview(plan, facts, { store, threads })));
    const bytes = (id: string) =>
      Object.values(one?.tasks.find((task) => task.id === id)?.outputs ?? {}).reduce((total, size) => total + size.bytes, 0);
    // With one thread a quant goes before the next one comes; with many all are there at once.
    const least = bytes('convert') + bytes('logits') + bytes('imatrix') + Math.max(bytes('quantize:Q4_K_M'), bytes('quantize:Q2_K'));
    expect(one?.disk.peakBytes).toBe(least);
    expect(all?.disk.peakBytes).toBe(all?.disk.toWriteBytes);
    expect(one?.files).toEqual([]);
  });

  test('of what a run before did not keep says that it is made again, not that it fails', async () => {
    const notKept: Written = { keep: 'none' };
    await lab.run({ ...quick, ...notKept });
    const again = await planned({ ...notKept, evaluate: { text: 'evaluation.txt', context: 32, chunks: 7 } });
    expect(again.tasks.filter(({ problem }) => problem !== null)).toEqual([]);
    expect(reasons(again, 'convert')).toEqual([{ kind: 'output-missing', name: 'model.gguf' }]);
    expect(reasons(again, 'logits')).toEqual([expect.objectContaining({ kind: 'params' }), { kind: 'after', task: 'convert' }]);
  });
});

describe('a task has to run because', () => {
  test('a setting is another one', async () => {
    await lab.run(quick);
    const changed = await planned({ evaluate: { text: 'evaluation.txt', context: 32, chunks: 7 } });
    expect(reasons(changed, 'logits')).toEqual([{ kind: 'params', path: 'chunks', old: 8, new: 7 }]);
    expect(reasons(changed, 'divergence:Q2_K')).toEqual([{ kind: 'after', task: 'logits' }]);
    expect(states(changed)).toMatchObject({ 'divergence:Q2_K': 'maybe', 'quantize:Q2_K': 'made' });
  });

  test("a tool's argument is another one", async () => {
    await lab.run(quick);
    const changed = await planned({ tools: { args: { quantize: ['--max-buffer-size', 64] } } });
    expect(reasons(changed, 'quantize:Q2_K')).toEqual([{ kind: 'params', path: 'args', old: [], new: ['--max-buffer-size', '64'] }]);
  });

  test('a text changed', async () => {
    await lab.run(quick);
    edit('evaluation.txt');
    expect(reasons(await planned(), 'logits')).toEqual([
      expect.objectContaining({ kind: 'input', role: 'text', from: null, old: expect.any(String), new: expect.any(String) }),
    ]);
  });

  test('a file of the model changed, named as the file is', async () => {
    await lab.run(quick);
    lab.workspace.write('work/model/generation_config.json', '{"temperature": 1}');
    expect(reasons(await planned(), 'convert')).toEqual([
      expect.objectContaining({ kind: 'input', role: 'source', name: expect.stringContaining('generation_config.json') }),
    ]);
  });

  test('llama.cpp or the converter is another one', async () => {
    await lab.run(quick);
    const { tools } = lab;
    const build = await planned({}, { tools: { ...tools, build: { ...tools.build, id: 'c'.repeat(64) } } });
    expect(reasons(build, 'quantize:Q2_K')).toContainEqual({ kind: 'identity', name: 'build', old: 'b'.repeat(64), new: 'c'.repeat(64) });
    const converter = await planned({}, { tools: { ...tools, converter: tools.converter && { ...tools.converter, id: 'another' } } });
    expect(reasons(converter, 'convert')).toEqual([expect.objectContaining({ kind: 'identity', name: 'converter' })]);
    expect(states(converter)['quantize:Q2_K']).toBe('maybe');
  });

  test('it is forced', async () => {
    await lab.run(quick);
    expect(reasons(await planned({}, { force: ['quantize:Q2_K'] }), 'quantize:Q2_K')).toEqual([{ kind: 'forced' }]);
  });

  test('it failed the last time, with the message', async () => {
    lab.fakes.misbehave({ at: 'quantize:Q2_K', exit: 1, stderr: 'something is wrong' });
    const { result } = await lab.run(quick);
    lab.fakes.misbehave();
    const after = await planned();
    expect(reasons(after, 'quantize:Q2_K')).toEqual([{ kind: 'failed', run: result.id, message: expect.stringContaining('exit code 1') }]);
    expect(reasons(after, 'divergence:Q2_K')).toEqual([{ kind: 'never-run' }]);
  });

  test('another run is at it', async () => {
    lab.fakes.misbehave({ at: 'quantize:Q2_K', until: 'go' });
    const running = lab.run(quick);
    await lab.fakes.hasBegun('quantize:Q2_K');
    expect(reasons(await planned(), 'quantize:Q2_K')).toEqual([{ kind: 'at-work' }]);
    lab.fakes.release('go');
    await running;
  });

  test('it was interrupted', async () => {
    lab.fakes.misbehave({ at: 'quantize:Q2_K', until: 'never' });
    const stop = new AbortController();
    const running = lab.run(quick, { signal: stop.signal });
    await lab.fakes.hasBegun('quantize:Q2_K');
    stop.abort();
    const { result } = await running;
    expect(reasons(await planned(), 'quantize:Q2_K')).toEqual([{ kind: 'interrupted', run: result.id }]);
  });

  test('what it made is gone, or was edited in the store', async () => {
    const { result } = await lab.run(quick);
    const object = (task: string) => {
      const outcome = result.outcomes.get(task);
      const output = outcome && 'record' in outcome ? outcome.record.outputs[0] : undefined;
      return lab.store().objectPath(output?.sha256 ?? '');
    };
    rmSync(object('quantize:Q2_K'));
    chmodSync(object('quantize:Q4_K_M'), 0o644);
    appendFileSync(object('quantize:Q4_K_M'), 'edited');
    const after = await planned();
    expect(reasons(after, 'quantize:Q2_K')).toEqual([{ kind: 'output-missing', name: 'quant.gguf' }]);
    expect(reasons(after, 'quantize:Q4_K_M')).toEqual([{ kind: 'output-modified', name: 'quant.gguf' }]);
  });

  test('its record is gone or torn', async () => {
    await lab.run(quick);
    const key = lab.store().readRef('tiny', 'quantize:Q2_K') ?? '';
    lab.workspace.write(`out/store/ac/${key.slice(0, 2)}/${key}.json`, '{"v": 1, "ke');
    expect(reasons(await planned(), 'quantize:Q2_K')).toEqual([{ kind: 'record-lost', key }]);
  });
});

describe('explain', () => {
  test('goes from a task up to what was edited', async () => {
    await lab.run(quick);
    edit('calibration.txt');
    const why = await explained('divergence:Q2_K');
    expect(why).toMatchObject({ state: 'maybe', reasons: [{ kind: 'after', task: 'quantize:Q2_K' }] });
    expect(why.because[0]?.because[0]).toMatchObject({ task: 'imatrix', reasons: [{ kind: 'input', role: 'text' }] });
  });

  test('finds what is behind an input that is made already', async () => {
    await lab.run(quick);
    edit('calibration.txt');
    lab.fakes.misbehave({ at: 'dry-run:Q2_K', exit: 1 });
    await lab.run(quick);
    const why = await explained('quantize:Q2_K');
    expect(why.reasons).toEqual([expect.objectContaining({ kind: 'failed' }), expect.objectContaining({ kind: 'input', from: 'imatrix' })]);
    expect(why.because).toEqual([
      expect.objectContaining({ task: 'imatrix', state: 'made', reasons: [expect.objectContaining({ kind: 'input', role: 'text' })] }),
    ]);
  });

  test('tells of a task that is made what differed from the one before it', async () => {
    await lab.run(quick);
    expect((await explained('logits')).reasons).toEqual([]);
    const shorter = { evaluate: { text: 'evaluation.txt', context: 32, chunks: 7 } };
    await lab.run({ ...quick, ...shorter });
    expect(await explained('logits', shorter)).toMatchObject({
      state: 'made',
      comparedWith: 'one before',
      reasons: [{ kind: 'params', path: 'chunks', old: 8, new: 7 }],
    });
  });

  test('tells of a task that is made what differs from the last run, when that had another', async () => {
    await lab.run(quick);
    await lab.run({ ...quick, evaluate: { text: 'evaluation.txt', context: 32, chunks: 7 } });
    const { plan, facts, store } = await lab.look(quick);
    expect(explain(plan, facts, [], { store })).toEqual([
      expect.objectContaining({
        task: 'logits',
        state: 'made',
        comparedWith: 'last run',
        reasons: [{ kind: 'params', path: 'chunks', old: 7, new: 8 }],
      }),
    ]);
  });
});
