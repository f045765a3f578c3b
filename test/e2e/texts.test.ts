import { createHash } from 'node:crypto';
import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fakeLab, small } from '../support/fake-lab.ts';
import { someText } from '../support/tiny-model.ts';
import { zipBytes } from '../support/zip.ts';

const fixtures = join(import.meta.dirname, '../fixtures/texts');
const sha256 = (text: Buffer) => createHash('sha256').update(text).digest('hex');

test('a member of a zip and a column of a parquet file are texts like any other', async () => {
  using lab = fakeLab(small);
  lab.workspace.write('work/texts.zip', zipBytes([{ name: 'deep/seen.txt', content: someText(2200, 'in an archive') }]));
  cpSync(join(fixtures, 'documents-snappy.parquet'), lab.workspace.path('work/texts.parquet'));
  const { results, row } = await lab.run({
    imatrix: { text: { path: 'texts.zip', member: 'deep/seen.txt' }, chunks: 2 },
    evaluate: { text: { path: 'texts.parquet', column: 'text' }, context: 32, chunks: 8 },
  });
  expect(results.conditions.imatrix).toMatch(/^seen\.txt/);
  const heldOut = readFileSync(join(fixtures, 'documents.txt'));
  expect(results.conditions.evaluation).toMatchObject({ text: 'texts.parquet', sha256: sha256(heldOut) });
  expect(row('Q4_K_M').quality).toBeDefined();
});

test('the same text from a file and from an archive gives the same records', async () => {
  using lab = fakeLab(small);
  const text = someText(400, 'anywhere');
  lab.workspace.write('work/heldout.txt', text);
  lab.workspace.write('work/texts.zip', zipBytes([{ name: 'other-name.txt', content: text }]));
  await lab.run({ evaluate: { text: 'heldout.txt', context: 32, chunks: 8 } });
  expect((await lab.run({ evaluate: { text: { path: 'texts.zip', member: 'other-name.txt' }, context: 32, chunks: 8 } })).ran).toEqual([]);
});

test('calibrating and evaluating on one text is found out inside an archive too', async () => {
  using lab = fakeLab(small);
  lab.workspace.write('work/texts.zip', zipBytes([{ name: 'a.txt', content: readFileSync(lab.workspace.path('work/calibration.txt')) }]));
  const evaluate = { text: { path: 'texts.zip', member: 'a.txt' }, context: 32, chunks: 8 };
  await expect(lab.run({ evaluate })).rejects.toThrow(/the evaluation text is the calibration text/);
});
