import { existsSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { type HistoryArguments, history } from '../../../src/cli/commands/history.ts';
import { ownOutput } from '../../support/own-output.ts';
import { nightOf, quietNights } from '../../support/past-nights.ts';
import { workspace } from '../../support/workspace.ts';

/** `qpipe history` on saved results. */
const space = workspace();
const out = space.path('out');
for (const [i, results] of quietNights(40).entries()) space.write(`out/store/runs/run-${i}/results.json`, JSON.stringify(results));
space.write('out/store/runs/partial/results.json', JSON.stringify({ ...nightOf(1), partial: true }));
space.write('out/store/runs/torn/results.json', '{"pipeline":"tiny","ver');
space.write('model.gguf', 'GGUF');
const file = space.write('somewhere.yaml', 'name: tiny\nmodel: ./model.gguf\nquants: Q8_0\n');

afterAll(() => space[Symbol.dispose]());

async function printed(changes: Partial<HistoryArguments> = {}): Promise<string> {
  const output = ownOutput();
  const none = { metric: undefined, quant: undefined, text: undefined, last: undefined, format: undefined, output: undefined };
  expect(await history({ pipeline: 'tiny', csv: false, json: false, open: false, out, ...none, ...changes })).toBe(0);
  return output.stdout;
}

test('draws the newest 30 whole runs, of a pipeline by its name or its file', async () => {
  const text = await printed();
  expect(text).toContain('mean KLD of Q2_K, nats/token');
  expect(text).toContain('10 earlier runs are not shown: --last 40 shows all.');
  expect(await printed({ pipeline: file })).toBe(text);
});

test('has all runs for programs, and all metrics unless one is named', async () => {
  const lines = (await printed({ csv: true, metric: 'size' })).trimEnd().split('\n');
  expect(lines).toHaveLength(1 + 40);
  const { nights, trends } = JSON.parse(await printed({ json: true })) as { nights: unknown[]; trends: { metric: string }[] };
  expect(nights).toHaveLength(40);
  expect(trends.map(({ metric }) => metric)).toEqual(expect.arrayContaining(['bytes', 'kld', 'tg_tps']));
});

test('writes a page', async () => {
  const page = space.path('new/page.html');
  expect(await printed({ format: 'html', output: page })).toBe(`${page}\n`);
  expect(existsSync(page) && readFileSync(page, 'utf8')).toContain('<h1>tiny: history</h1>');
});

describe('is refused', () => {
  test.each<[string, Partial<HistoryArguments>, RegExp]>([
    ['a pipeline without runs', { pipeline: 'other' }, /has no whole run of other: run it first, or name the folder with --out/],
    ['a file that is not there', { pipeline: 'nothing.yaml' }, /nothing\.yaml does not exist/],
    ['two formats', { csv: true, json: true }, /csv and json are two formats: name one/],
    ['a table that is to be opened', { csv: true, open: true }, /--open opens a page: leave csv out/],
    ['no night', { last: 0 }, /--last takes a whole number of at least 1/],
  ])('%s', async (_, changes, message) => {
    await expect(printed(changes)).rejects.toThrow(message);
  });
});
