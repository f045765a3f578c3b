import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readGguf } from '../../src/gguf/header.ts';
import { howMade } from '../../src/provenance/how-made.ts';
import { keepManifest } from '../../src/provenance/keep-manifest.ts';
import { Leaves } from '../../src/provenance/leaves.ts';
import { manifestBeside, readManifest } from '../../src/provenance/read-manifest.ts';
import { rebuild } from '../../src/provenance/rebuild.ts';
import { verifyFile } from '../../src/provenance/verify-file.ts';
import { witnessesOf } from '../../src/provenance/witness.ts';
import { rememberedDigests, sha256File } from '../../src/store/digest.ts';
import { Store } from '../../src/store/store.ts';
import { runProgram } from '../support/cli.ts';
import type { Lab } from '../support/lab.ts';
import { realLab } from '../support/real-lab.ts';

let lab: Lab;
let file: string;

beforeAll(async () => {
  lab = await realLab();
  const ran = await lab.run({ quants: ['Q4_K_M'], bench: 'none', evaluate: 'none' });
  keepManifest(lab.workspace.path('out/demo'), { ...ran, store: lab.store() });
  mkdirSync(lab.workspace.path('shipped'));
  for (const name of ['Demo-Q4_K_M.gguf', 'manifest.json'])
    cpSync(lab.workspace.path('out/demo', name), lab.workspace.path('shipped', name));
  file = lab.workspace.path('shipped/Demo-Q4_K_M.gguf');
  rmSync(lab.workspace.path('out'), { recursive: true });
});

afterAll(() => lab[Symbol.dispose]());

test('a shipped quant is what its manifest says', async () => {
  const beside = manifestBeside(file);
  const store = Store.open(lab.workspace.path('nothing'), { readOnly: true });
  const witnesses = witnessesOf(store, beside ? [beside] : []);
  expect(await verifyFile(file, { witnesses, beside })).toMatchObject({ verdict: 'is-what-it-says' });
});

test('so are the parts that llama-gguf-split cuts it into', async () => {
  const stem = lab.workspace.path('parts/Demo-Q4_K_M');
  mkdirSync(lab.workspace.path('parts'));
  const tool = join(dirname(lab.tools.binaries.quantize), 'llama-gguf-split');
  const cut = await runProgram(tool, ['--split', '--split-max-size', '1M', file, stem], { cwd: lab.workspace.root });
  expect(cut.code).toBe(0);
  const parts = readdirSync(lab.workspace.path('parts')).sort();
  expect(parts.length).toBeGreaterThan(2);
  const manifest = readManifest(lab.workspace.path('shipped/manifest.json'));
  const witnesses = witnessesOf(Store.open(lab.workspace.path('nothing'), { readOnly: true }), [manifest]);
  const found = await verifyFile(lab.workspace.path('parts', parts[0] ?? ''), { witnesses, beside: null });
  expect(found).toMatchObject({ verdict: 'is-what-it-says', parts: parts.length, sha256: await sha256File(file) });
});

test('a quant of the demo is made again from its sources alone, byte for byte', async () => {
  const out = lab.workspace.path('new');
  const store = Store.open(`${out}/store`, { readOnly: true });
  const digests = rememberedDigests(store.path('statcache.ndjson'), { readOnly: true });
  const wanted = { file, parts: [file], sha256: await sha256File(file), says: {} };
  const made = howMade(wanted, store, manifestBeside(file));
  if (!made) throw new Error('the manifest does not know its file');
  const openHub = () => Promise.reject(new Error('nothing is on the Hub'));
  const leaves = new Leaves({ store, digests, folders: [lab.workspace.path('work')], openHub });
  const capacity = { threads: 1, memoryBytes: 2 ** 33 };
  const { tools } = lab;
  const found = await rebuild(wanted, made, { out, store, digests, tools, leaves, capacity, emit: () => {} });
  expect(found).toMatchObject({ verdict: 'identical', changed: [], differences: [] });
  expect(found.steps.map(({ task, same }) => [task, same])).toEqual([
    ['convert', true],
    ['imatrix', true],
    ['quantize:Q4_K_M', true],
  ]);
  expect(readGguf(file).metadata.get('qpipe.version')).toBe('1');
});
