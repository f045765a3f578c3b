import '../support/own-machine.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { report } from '../../src/report/index.ts';
import { resultsSchema } from '../../src/results/schema.ts';
import { type FakeLab, fakeLab, small } from '../support/fake-lab.ts';
import type { Ran } from '../support/lab.ts';
import { writeTinyModel } from '../support/tiny-model.ts';

const model = { path: 'model', name: 'Tiny', companions: ['mmproj', 'mtp'] };

function labWithCompanions(): FakeLab {
  const lab = fakeLab({ ...small, imatrix: 'none', model });
  writeTinyModel(lab.workspace, 'work/model', 1, ['mmproj', 'mtp']);
  return lab;
}

function ggufsIn({ workspace }: FakeLab): string[] {
  return readdirSync(workspace.path('out/tiny'))
    .filter((name) => name.endsWith('.gguf'))
    .sort();
}

describe('companions', () => {
  let lab: FakeLab;
  let ran: Ran;
  beforeAll(async () => {
    lab = labWithCompanions();
    ran = await lab.run();
  });
  afterAll(() => lab[Symbol.dispose]());

  test('lie beside the quants, by the names that llama.cpp looks for', () => {
    expect(ran.ended('failed')).toEqual([]);
    expect(ggufsIn(lab)).toEqual(['Tiny-F16.gguf', 'Tiny-Q4_K_M.gguf', 'mmproj-Tiny-F16.gguf', 'mtp-Tiny-F16.gguf']);
    expect(readFileSync(lab.workspace.path('out/tiny/mmproj-Tiny-F16.gguf')).includes('vision_tower')).toBe(true);
    expect(readFileSync(lab.workspace.path('out/tiny/Tiny-F16.gguf')).includes('nextn')).toBe(false);
  });

  test('are in the results and in every report', () => {
    const { companions } = resultsSchema.parse(JSON.parse(lab.workspace.read('out/tiny/results.json')));
    expect(companions?.map(({ name, kind, bytes }) => [name, kind, bytes > 0])).toEqual([
      ['mmproj-Tiny-F16.gguf', 'mmproj', true],
      ['mtp-Tiny-F16.gguf', 'mtp', true],
    ]);
    for (const format of ['text', 'md'] as const)
      expect(report(ran.results, format)).toMatch(/mmproj-Tiny-F16\.gguf \(.*\) goes with every quant/);
  });

  test('are made once', async () => {
    expect((await lab.run()).ran).toEqual([]);
  });

  test('that were wanted before and are not any more go, and what is wanted stays', async () => {
    await lab.run({ model: { ...model, companions: ['mtp'] } });
    expect(ggufsIn(lab)).toEqual(['Tiny-F16.gguf', 'Tiny-Q4_K_M.gguf', 'mtp-Tiny-F16.gguf']);
  });
});

describe('a companion that comes out wrong', () => {
  test('is not believed, and the rest is done', async () => {
    using lab = labWithCompanions();
    lab.fakes.misbehave({ at: 'convert:mmproj', wrongPart: true });
    const ran = await lab.run();
    expect(ran.ended('failed')).toEqual(['convert:mmproj']);
    expect(ran.message('convert:mmproj')).toContain('the converter ended well but its file has no projector in it');
    expect(ran.row('Q4_K_M').quality).toBeDefined();
    expect(ran.results.companions?.map(({ kind }) => kind)).toEqual(['mtp']);
  });

  test('for want of such layers is not believed either', async () => {
    using lab = labWithCompanions();
    writeTinyModel(lab.workspace, 'work/model', 1, ['mmproj']);
    expect((await lab.run()).message('convert:mtp')).toContain('no layers for further tokens in it');
  });
});
