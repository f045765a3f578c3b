import '../support/own-machine.ts';
import { appendFileSync, chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readGguf } from '../../src/gguf/header.ts';
import { type FakeLab, fakeLab, small } from '../support/fake-lab.ts';
import { type Lab, type Ran, substance } from '../support/lab.ts';

/** Path of an object that a task made. */
function object(lab: Lab, ran: Ran, task: string, output: string): string {
  const outcome = ran.result.outcomes.get(task);
  const found = outcome && 'record' in outcome ? outcome.record.outputs.find(({ name }) => name === output) : undefined;
  if (!found) throw new Error(`${task} made no ${output}`);
  return lab.store().objectPath(found.sha256);
}

function edit(path: string): void {
  chmodSync(path, 0o644);
  appendFileSync(path, 'edited');
}

describe('an input that is edited while a tool reads it', () => {
  const inputs: [file: string, task: string][] = [
    ['evaluation.txt', 'logits'],
    ['calibration.txt', 'imatrix'],
    ['model/config.json', 'convert'],
  ];
  test.each(inputs)('%s gives no record', async (file, task) => {
    using lab = fakeLab(small);
    lab.fakes.misbehave({ at: task, until: 'go', times: 1 });
    const running = lab.run();
    await lab.fakes.hasBegun(task);
    appendFileSync(lab.workspace.path('work', file), ' ');
    lab.fakes.release('go');
    const ran = await running;
    expect(ran.message(task)).toBe(`${lab.workspace.path('work', file)} was changed while it was in use; run again`);
    const next = await lab.run();
    expect(next.ran).toContain(task);
    expect(next.ended('failed')).toEqual([]);
  });
});

describe('a published file', () => {
  const files: [task: string, output: string, name: string][] = [
    ['quantize:Q4_K_M', 'quant.gguf', 'Tiny-Q4_K_M.gguf'],
    ['convert', 'model.gguf', 'Tiny-F16.gguf'],
  ];

  test.each(files)('of %s that was edited in place is made again', async (task, output, name) => {
    using lab = fakeLab(small);
    const first = await lab.run();
    const published = lab.workspace.path('out/tiny', name);
    const bytes = readFileSync(published);
    edit(published);
    const second = await lab.run();
    expect(second.ran).toEqual([task]);
    expect(readFileSync(published).equals(bytes)).toBe(true);
    expect(readFileSync(object(lab, first, task, output)).equals(bytes)).toBe(true);
  });

  test.each(files)('of %s whose object is gone is made again', async (task, output, name) => {
    using lab = fakeLab(small);
    const first = await lab.run();
    rmSync(object(lab, first, task, output));
    expect((await lab.run()).ran).toEqual([task]);
    expect(readGguf(lab.workspace.path('out/tiny', name)).tensors).not.toEqual([]);
  });

  test('that was deleted comes back as a link, with nothing made', async () => {
    using lab = fakeLab(small);
    await lab.run();
    rmSync(lab.workspace.path('out/tiny'), { recursive: true });
    expect((await lab.run()).ran).toEqual([]);
    expect(existsSync(lab.workspace.path('out/tiny/Tiny-Q4_K_M.gguf'))).toBe(true);
  });

  test("of the user's own in the folder stays", async () => {
    using lab = fakeLab(small);
    await lab.run();
    lab.workspace.write('out/tiny/mine.gguf', 'mine');
    await lab.run({ quants: ['Q2_K'] });
    expect(readdirSync(lab.workspace.path('out/tiny'))).toEqual(expect.arrayContaining(['mine.gguf', 'Tiny-Q2_K.gguf']));
    expect(existsSync(lab.workspace.path('out/tiny/Tiny-Q4_K_M.gguf'))).toBe(false);
  });
});

describe('an intermediate that was damaged', () => {
  test('is made again only when somebody reads it', async () => {
    using lab = fakeLab(small);
    const first = await lab.run();
    edit(object(lab, first, 'imatrix', 'imatrix.gguf'));
    rmSync(object(lab, first, 'logits', 'base.kld'));
    expect((await lab.run()).ran).toEqual([]);
    const more = await lab.run({ quants: ['Q4_K_M', 'Q2_K'] });
    expect(more.ran).toEqual(['divergence:Q2_K', 'imatrix', 'logits', 'quantize:Q2_K']);
  });
});

describe('a record that is torn', () => {
  const tears: [how: string, tear: (path: string) => void][] = [
    ['cut', (path) => truncateSync(path, 100)],
    ['empty', (path) => truncateSync(path, 0)],
    ['of another kind', (path) => writeFileSync(path, '{"v": 2}')],
    ['foreign', (path) => writeFileSync(path, readFileSync(path, 'utf8').replace(/"key":"[0-9a-f]{8}/, '"key":"00000000'))],
  ];
  test.each(tears)('(%s) is made again, and nothing else', async (_how, tear) => {
    using lab = fakeLab(small);
    const first = await lab.run();
    const outcome = first.result.outcomes.get('quantize:Q4_K_M');
    const key = outcome && 'record' in outcome ? outcome.record.key : '';
    tear(lab.store().path('ac', key.slice(0, 2), `${key}.json`));
    const second = await lab.run();
    expect(second.ran).toEqual(['quantize:Q4_K_M']);
    expect(substance(second)).toEqual(substance(first));
  });
});

describe('keep', () => {
  test('`none` leaves no GGUF behind, and a second run does nothing', async () => {
    using lab = fakeLab({ keep: 'none' });
    const first = await lab.run();
    expect(first.ended('failed')).toEqual([]);
    expect(readdirSync(lab.workspace.path('out/tiny')).sort()).toEqual([
      'charts',
      'report.csv',
      'report.html',
      'report.md',
      'results.json',
    ]);
    expect(modelsIn(lab)).toEqual([]);
    const second = await lab.run();
    expect(second.ran).toEqual([]);
    expect(substance(second)).toEqual(substance(first));
  });

  test('`none` makes again only what a new quant needs', async () => {
    using lab = fakeLab({ keep: 'none' });
    await lab.run();
    const more = await lab.run({ quants: ['Q8_0', 'Q4_K_M', 'Q2_K', 'Q4_0'] });
    expect(more.ran.filter((task) => task !== 'convert')).toEqual(['bench:Q4_0:1', 'bench:Q4_0:2', 'divergence:Q4_0', 'quantize:Q4_0']);
  });

  test('`none` serves two rows that are the same file', async () => {
    using lab = fakeLab({ keep: 'none', quants: ['Q4_0', { type: 'Q4_0', name: 'Q4_0_again' }] });
    const ran = await lab.run();
    expect(ran.ended('failed')).toEqual([]);
    expect(ran.row('Q4_0_again').file?.sha256).toBe(ran.row('Q4_0').file?.sha256);
  });

  test('`none` serves a base that is one of the rows', async () => {
    using lab = fakeLab({ keep: 'none', base: 'Q8_0', imatrix: 'none', quants: ['Q8_0', 'Q4_0'] });
    expect((await lab.run({}, { threads: 1 })).ended('failed')).toEqual([]);
  });

  test('`passed` publishes what was measured, and not what failed', async () => {
    using lab = fakeLab({ keep: 'passed', bench: 'none' });
    lab.fakes.misbehave({ at: 'divergence:Q4_K_M', exit: 1 });
    const ran = await lab.run();
    expect(ran.ended('failed')).toEqual(['divergence:Q4_K_M']);
    expect(ggufsIn(lab)).toEqual(['Tiny-F16.gguf', 'Tiny-Q2_K.gguf', 'Tiny-Q8_0.gguf']);
    lab.fakes.misbehave();
    await lab.run();
    expect(ggufsIn(lab)).toEqual(['Tiny-F16.gguf', 'Tiny-Q2_K.gguf', 'Tiny-Q4_K_M.gguf', 'Tiny-Q8_0.gguf']);
  });
});

function ggufsIn({ workspace }: FakeLab): string[] {
  return readdirSync(workspace.path('out/tiny'))
    .filter((name) => name.endsWith('.gguf'))
    .sort();
}

/** Objects in the store that are models. */
function modelsIn(lab: FakeLab): string[] {
  const cas = lab.store().path('cas');
  const files = readdirSync(cas, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => {
      const bytes = readFileSync(path);
      return bytes.subarray(0, 4).toString('latin1') === 'GGUF' && bytes.includes('token_embd.weight');
    });
}

describe('a GGUF as the model', () => {
  const asModel = (gguf: string) => ({ model: { gguf, name: 'Tiny' }, ...small });

  test('serves like the folder it was made from', async () => {
    using lab = fakeLab(small);
    const converted = await lab.run();
    renameSync(lab.workspace.path('out/tiny/Tiny-F16.gguf'), lab.workspace.path('work/source.gguf'));
    const ran = await lab.run(asModel('source.gguf'));
    expect(ran.ran).toEqual(['divergence:Q4_K_M', 'quantize:Q4_K_M']);
    expect(ran.row('Q4_K_M').quality?.kld.value).toBe(converted.row('Q4_K_M').quality?.kld.value);
    expect(ran.row('base').file?.name).toBe('source.gguf');
  });

  test('may be renamed without anything being made again', async () => {
    using lab = fakeLab(small);
    await lab.run();
    renameSync(lab.workspace.path('out/tiny/Tiny-F16.gguf'), lab.workspace.path('work/one.gguf'));
    await lab.run(asModel('one.gguf'));
    renameSync(lab.workspace.path('work/one.gguf'), lab.workspace.path('work/two.gguf'));
    expect((await lab.run(asModel('two.gguf'))).ran).toEqual([]);
  });
});
