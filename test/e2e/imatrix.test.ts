import '../support/own-machine.ts';
import { copyFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readGguf } from '../../src/gguf/header.ts';
import { fakeLab, small } from '../support/fake-lab.ts';
import { someText, writeTinyModel } from '../support/tiny-model.ts';

const imatrix = { text: 'calibration.txt', chunks: 4 };

describe('an importance matrix without entries for some tensors', () => {
  test('is an error that names one and the way out', async () => {
    using lab = fakeLab(small);
    lab.fakes.misbehave({ at: 'imatrix', omitEntries: 2 });
    const ran = await lab.run();
    expect(ran.message('quantize:Q4_K_M')).toMatch(/has no entry for blk\.0\.attn_q\.weight and 1 more tensors: .*missing: raise/);
    expect(lab.fakes.called()).not.toContain('quantize:Q4_K_M');
  });

  test('gives them a safe type on request, and the row says so', async () => {
    using lab = fakeLab(small);
    lab.fakes.misbehave({ at: 'imatrix', omitEntries: 2 });
    const { row } = await lab.run({ imatrix: { ...imatrix, missing: 'raise' } });
    const raised = row('Q4_K_M').file?.raised;
    expect(raised?.map(({ tensor, got }) => [tensor, got])).toEqual([
      ['blk.0.attn_q.weight', 'Q8_0'],
      ['blk.0.ffn_down.weight', 'Q8_0'],
    ]);
    const types = new Map(readGguf(lab.workspace.path('out/tiny/Tiny-Q4_K_M.gguf')).tensors.map(({ name, type }) => [name, type]));
    expect([types.get('blk.0.attn_q.weight'), types.get('blk.1.attn_q.weight')]).toEqual(['Q8_0', 'Q4_K']);
  });

  test('does not matter to a type that needs none', async () => {
    using lab = fakeLab(small);
    lab.fakes.misbehave({ at: 'imatrix', omitEntries: 2 });
    expect((await lab.run({ quants: ['Q8_0'] })).ended('failed')).toEqual([]);
  });
});

describe('an importance matrix', () => {
  test('for another model is refused before anything is written', async () => {
    using lab = fakeLab(small);
    lab.fakes.misbehave({ at: 'imatrix', wrongSize: true });
    const ran = await lab.run();
    expect(ran.message('quantize:Q4_K_M')).toMatch(/was made for another model: its entry for \S+ has 512 values, the tensor needs 256/);
    expect(lab.fakes.called()).not.toContain('quantize:Q4_K_M');
  });

  test('of a text that is too short for the wanted chunks is an error that says how many there are', async () => {
    using lab = fakeLab(small);
    const ran = await lab.run({ imatrix: { ...imatrix, chunks: 9 } });
    expect(ran.message('imatrix')).toMatch(/fills 4 chunks of 512 tokens, not 9: say `chunks: 4` or `all` under imatrix/);
  });

  test('that is given as a file is used as it is, wherever it lies', async () => {
    using lab = fakeLab(small);
    const computed = await lab.run();
    const outcome = computed.result.outcomes.get('imatrix');
    const sha256 = outcome && 'record' in outcome ? (outcome.record.outputs[0]?.sha256 ?? '') : '';
    for (const name of ['mine.gguf', 'moved.gguf']) copyFileSync(lab.store().objectPath(sha256), lab.workspace.path('work', name));
    const given = await lab.run({ imatrix: './mine.gguf' });
    expect(given.plan.tasks.map(({ id }) => id)).not.toContain('imatrix');
    expect(given.ran).toEqual([]);
    expect(given.results.conditions.imatrix).toBe('mine.gguf');
    expect((await lab.run({ imatrix: './moved.gguf' })).ran).toEqual([]);
  });

  test('on a quant of the model is computed with that quant', async () => {
    using lab = fakeLab(small);
    const ran = await lab.run({ imatrix: { ...imatrix, from: 'Q8_0' } });
    expect(ran.ran).toEqual(expect.arrayContaining(['quantize:(plain) Q8_0', 'imatrix', 'quantize:Q4_K_M']));
    expect(ran.results.conditions.imatrix).toMatch(/on Q8_0$/);
  });

  test('is left out of a quant on request, and of nothing else', async () => {
    using lab = fakeLab(small);
    const { row } = await lab.run({ quants: ['Q4_K_M', { type: 'Q4_K_M', name: 'Q4_K_static', imatrix: false }] });
    const keys = ['Q4_K_M', 'Q4_K_static'].map((name) => [...readGguf(lab.workspace.path(`out/tiny/Tiny-${name}.gguf`)).metadata.keys()]);
    expect(keys.map((list) => list.includes('qpipe.imatrix'))).toEqual([true, false]);
    expect(row('Q4_K_static').file?.sha256).not.toBe(row('Q4_K_M').file?.sha256);
  });
});

describe('files of another model under compare', () => {
  test('are refused with the reason, and the rest is measured', async () => {
    using lab = fakeLab({ quants: ['Q4_K_M'], bench: 'none' });
    writeTinyModel(lab.workspace, 'work/other', 2);
    lab.workspace.write('work/other/vocab.txt', someText(40, 'other').replaceAll(' ', '\n'));
    await lab.run({ name: 'other', model: { path: 'other', name: 'Other' }, imatrix: 'none' });
    const compare = [lab.workspace.path('out/other/Other-Q4_K_M.gguf')];
    const ran = await lab.run({ compare });
    expect(ran.message('divergence:Other-Q4_K_M')).toMatch(/its (tokenizer differs from|vocabulary has .*) the base model/);
    expect(ran.row('Other-Q4_K_M').notMeasured.quality).toMatch(/it is another model/);
    expect(ran.row('Q4_K_M').quality).toBeDefined();

    const other = await lab.run({ compare: [{ path: compare[0], as: 'other' }] });
    expect(other.ran).toEqual(['perplexity:Other-Q4_K_M']);
    expect(other.row('Other-Q4_K_M')).toMatchObject({
      perplexity: { value: expect.any(Number), low: expect.any(Number) },
      notMeasured: { quality: 'another model (as: other)' },
    });
    expect(other.row('Other-Q4_K_M').quality).toBeUndefined();
  });

  test('are recognised by what no quantization changes', async () => {
    using lab = fakeLab({ quants: ['Q4_K_M'], bench: 'none' });
    writeTinyModel(lab.workspace, 'work/tuned', 3);
    await lab.run({ name: 'tuned', model: { path: 'tuned', name: 'Tuned' }, imatrix: 'none' });
    const ran = await lab.run({ compare: [lab.workspace.path('out/tuned/Tuned-Q4_K_M.gguf')] });
    expect(ran.message('divergence:Tuned-Q4_K_M')).toMatch(/its \S+norm\S*, which no quantization changes, differs/);
  });
});
