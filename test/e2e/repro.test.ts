import '../support/own-machine.ts';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Repeated } from '../../src/published/compare.ts';
import { type Printed, qpipe } from '../support/cli.ts';
import { type FakeLab, fakeLab } from '../support/fake-lab.ts';
import { type LocalHub, startHub } from '../support/hub/index.ts';
import { tableOf } from '../support/published-table.ts';
import { demo } from '../support/real-lab.ts';

/** The command on a table of one's own: what stand-ins measured, published, and run again. */
let lab: FakeLab;
let hub: LocalHub;
let published: string;

const pipeline = { model: './model', imatrix: 'none', evaluate: { text: './evaluation.txt', context: 32, chunks: 8 } };

beforeAll(async () => {
  hub = await startHub();
  lab = fakeLab({ ...pipeline, model: { path: 'model', name: 'Tiny' }, quants: ['Q8_0', 'Q4_K_M'], bench: 'none' });
  const { results } = await lab.run();
  published = tableOf(results, pipeline);
  lab.workspace.write('work/table.yaml', published);
});
afterAll(async () => {
  await hub.close();
  lab[Symbol.dispose]();
});

function repro(...args: string[]): Promise<Printed> {
  const env = {
    HF_ENDPOINT: hub.endpoint,
    HF_HOME: lab.workspace.path('hf'),
    XDG_CACHE_HOME: lab.workspace.path('cache'),
    QPIPE_LLAMA_CPP: '',
  };
  return qpipe(['repro', ...args], { cwd: lab.workspace.path('work'), env });
}

function changed(name: string, change: (text: string) => string): string {
  lab.workspace.write(`work/${name}`, change(published));
  return `./${name}`;
}

describe('a finished run beside a table', () => {
  test('has every figure, its verdict and its conditions', async () => {
    const { code, stdout, stderr } = await repro('./table.yaml', '--with', 'tiny', '--out', '../out');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^context +32 +32 +same$/m);
    expect(stdout).toMatch(/^ {2}base: published [\d.]+, ours [\d.]+, difference 0\.0000: match$/m);
    expect(stdout).toMatch(/^Q4_K_M +kld +0\.\d+ ± 0\.001000 +0\.\d+ ± \S+ +0\.0+ +match$/m);
    expect(stdout).toContain('tg: not judged: of another machine');
  });

  test('exits with 1 when a figure differs, and names it', async () => {
    const table = changed('other.yaml', (text) => text.replace(/(Q4_K_M \| )[\d.]+/, '$19999.9'));
    const { code, stdout } = await repro(table, '--with', 'tiny', '--out', '../out');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Q4_K_M +size +kB +9999\.9 .* differs$/m);
  });

  test('goes into a page, and into JSON for programs', async () => {
    const page = await repro('./table.yaml', '--with', 'tiny', '--out', '../out', '--format', 'md');
    expect(page.stdout).toMatch(/^\| row \| column \| unit \| published \| ours \| difference \| verdict \|$/m);
    const json = await repro('./table.yaml', '--with', 'tiny', '--out', '../out', '--json');
    const { table, runs } = JSON.parse(json.stdout) as { table: string; runs: Repeated[] };
    expect([table, runs.length, runs[0]?.base?.verdict]).toEqual(['table', 1, 'match']);
    expect(runs[0]?.cells.filter(({ verdict }) => verdict === 'differs')).toEqual([]);
  });
});

describe('a table as a pipeline', () => {
  test('of a folder is shown with what it would do, and made nothing of', async () => {
    const { code, stdout } = await repro('./table.yaml', '--dry-run', '--out', 'dry');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# Repeats the published table table: qpipe repro table\nname: repro-table\nmodel: \.\/model\n/);
    expect(stdout).toMatch(/^quantize:Q4_K_M +to run/m);
  });

  test('of a repo of the Hub is looked at by its headers', async () => {
    await hub.commit(
      'me/Demo',
      Object.fromEntries(readdirSync(demo.folder).map((name) => [name, { path: join(demo.folder, name) }] as const)),
    );
    const table = changed('hub.yaml', (text) => text.replace('"./model"', '"me/Demo"'));
    const { code, stdout, stderr } = await repro(table, '--dry-run', '--out', 'dry');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^model: me\/Demo$/m);
  });

  test('is saved with paths that hold from where it lies, and other weights may take the place of its model', async () => {
    const saved = await repro('./table.yaml', '--dry-run', '--model', 'model', '--write', '../elsewhere.yaml', '--out', 'dry');
    expect(saved.stderr).toContain('pipeline written to ../elsewhere.yaml');
    expect(lab.workspace.read('elsewhere.yaml')).toMatch(/^model: \.\/work\/model$[\s\S]*^ {2}text: \.\/work\/evaluation\.txt$/m);
    const again = await repro('./table.yaml', '--dry-run', '--write', '../elsewhere.yaml');
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('../elsewhere.yaml exists already') });
  });
});
