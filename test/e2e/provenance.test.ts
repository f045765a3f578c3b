import '../support/own-machine.ts';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readGguf } from '../../src/gguf/header.ts';
import { howMade } from '../../src/provenance/how-made.ts';
import { keepManifest } from '../../src/provenance/keep-manifest.ts';
import { Leaves } from '../../src/provenance/leaves.ts';
import { manifestBeside, readManifest } from '../../src/provenance/read-manifest.ts';
import { type Rebuilt, rebuild } from '../../src/provenance/rebuild.ts';
import { verifyFile } from '../../src/provenance/verify-file.ts';
import { verifyManifest } from '../../src/provenance/verify-manifest.ts';
import { witnessesOf } from '../../src/provenance/witness.ts';
import { report } from '../../src/report/index.ts';
import { rememberedDigests, sha256File } from '../../src/store/digest.ts';
import { Store } from '../../src/store/store.ts';
import type { LlamaCpp } from '../../src/tools/llama-cpp.ts';
import { writeAdapter } from '../support/adapters.ts';
import { type FakeLab, fakeLab, small } from '../support/fake-lab.ts';
import type { Ran, Written } from '../support/lab.ts';

/** A run with what the command leaves of it: its results and its manifest. */
async function run(lab: FakeLab, changes: Written = {}, tools: LlamaCpp = lab.tools): Promise<Ran> {
  const ran = await lab.run(changes, { tools });
  writeFileSync(lab.store().path('runs', ran.result.id, 'results.json'), report(ran.results, 'json'));
  keepManifest(lab.workspace.path('out/tiny'), { ...ran, store: lab.store() });
  return ran;
}

const quant = 'out/tiny/Tiny-Q4_K_M.gguf';

describe('a manifest', () => {
  test('names what was made, of what, how well, and chains to the good build before', async () => {
    using lab = fakeLab(small);
    const first = await run(lab);
    const before = readFileSync(lab.workspace.path('out/tiny/manifest.json'));
    lab.workspace.write('work/more.txt', lab.workspace.read('work/evaluation.txt').repeat(2));
    await run(lab, { evaluate: { text: 'more.txt', context: 32, chunks: 8 } });
    const { manifest } = readManifest(lab.workspace.path('out/tiny/manifest.json'));
    const { file, quality } = first.row('Q4_K_M');
    const base = first.row('base').file;
    expect(manifest.files.find(({ row }) => row === 'Q4_K_M')).toMatchObject({
      name: 'Tiny-Q4_K_M.gguf',
      sha256: file?.sha256,
      size: file?.bytes,
      bpw: file?.bpw,
      compressionRatio: (base?.bytes ?? 0) / (file?.bytes ?? 1),
      kld: { n: quality?.kld.n },
    });
    expect(manifest.sources.map(({ what }) => what).sort()).toEqual(['calibration', 'evaluation', 'model']);
    expect(manifest.previous?.run).toBe(first.result.id);
    expect(await verifyManifest(readManifest(lab.workspace.path('out/tiny/manifest.json')), lab.store())).toMatchObject({
      verdict: 'holds',
      chain: [{ run: first.result.id, state: 'as-named' }],
      toTheFirst: true,
    });
    expect(before.includes(lab.workspace.root)).toBe(false);
  });
});

describe('every file of a run', () => {
  test('is what it says, in the store and beside its manifest alone', async () => {
    using lab = fakeLab(small);
    await run(lab);
    const empty = Store.open(lab.workspace.path('nothing'), { readOnly: true });
    for (const name of ['Tiny-F16.gguf', 'Tiny-Q4_K_M.gguf']) {
      const file = lab.workspace.path('out/tiny', name);
      const beside = manifestBeside(file);
      for (const store of [lab.store(), empty]) {
        const witnesses = witnessesOf(store, beside ? [beside] : []);
        expect(await verifyFile(file, { witnesses, beside })).toMatchObject({ verdict: 'is-what-it-says' });
      }
    }
    const own = [...readGguf(lab.workspace.path(quant)).metadata.keys()].filter((key) => key.startsWith('qpipe.'));
    expect(Object.keys(manifestBeside(lab.workspace.path(quant))?.manifest.files[1]?.says ?? {}).sort()).toEqual(own.sort());
  });
});

describe('rebuild', () => {
  async function rebuilt(lab: FakeLab, file: string, out: string, tools: LlamaCpp = lab.tools): Promise<Rebuilt | null> {
    const store = Store.open(join(out, 'store'), { readOnly: true });
    const says = Object.fromEntries(
      [...readGguf(file).metadata].filter(([key]) => key.startsWith('qpipe.')).map(([key, value]) => [key, String(value)]),
    );
    const wanted = { file, parts: [file], sha256: await sha256File(file), says };
    const made = howMade(wanted, store, manifestBeside(file));
    if (!made) return null;
    const digests = rememberedDigests(store.path('statcache.ndjson'), { readOnly: true });
    const openHub = () => Promise.reject(new Error('nothing is on the Hub'));
    const leaves = new Leaves({ store, digests, folders: [lab.workspace.path('work')], openHub });
    return await rebuild(wanted, made, {
      out,
      store,
      digests,
      tools,
      leaves,
      capacity: { threads: 2, memoryBytes: 2 ** 33 },
      emit: () => {},
    });
  }

  /** The file and its manifest where no store is. */
  function elsewhere(lab: FakeLab): string {
    const file = lab.workspace.path('elsewhere/Tiny-Q4_K_M.gguf');
    mkdirSync(dirname(file), { recursive: true });
    cpSync(lab.workspace.path(quant), file);
    cpSync(lab.workspace.path('out/tiny/manifest.json'), lab.workspace.path('elsewhere/manifest.json'));
    return file;
  }

  test('makes the last step again where the store has the rest, and leaves the store as it was', async () => {
    using lab = fakeLab(small);
    await run(lab);
    const before = lab.store().records().length;
    const found = await rebuilt(lab, lab.workspace.path(quant), lab.workspace.path('out'));
    expect(found).toMatchObject({ verdict: 'identical', steps: [{ task: 'quantize:Q4_K_M', same: true }], changed: [] });
    expect(lab.store().records()).toHaveLength(before);
  });

  test('makes everything again from the manifest and the sources, under whatever names these have now', async () => {
    using lab = fakeLab(small);
    await run(lab);
    const file = elsewhere(lab);
    cpSync(lab.workspace.path('work/calibration.txt'), lab.workspace.path('work/renamed.txt'));
    rmSync(lab.workspace.path('work/calibration.txt'));
    const found = await rebuilt(lab, file, lab.workspace.path('new'));
    expect(found).toMatchObject({ verdict: 'identical', kept: null });
    expect(found?.steps.map(({ task }) => task)).toEqual(['convert', 'imatrix', 'quantize:Q4_K_M']);
  });

  test('merges an adapter again, whose weights nobody keeps', async () => {
    using lab = fakeLab({ ...small, imatrix: 'none', model: { path: 'model', name: 'Tiny', adapter: './adapter' } });
    writeAdapter(lab.workspace, {}, 'work/adapter');
    const { converter } = lab.tools;
    const tools = { ...lab.tools, ...(converter ? { converter: { ...converter, python: lab.workspace.path('bin/python') } } : {}) };
    await run(lab, {}, tools);
    expect(
      manifestBeside(lab.workspace.path(quant))
        ?.manifest.sources.map(({ what }) => what)
        .sort(),
    ).toEqual(['adapter', 'evaluation', 'model']);
    expect(readGguf(lab.workspace.path(quant)).metadata.get('qpipe.adapter')).toMatch(/^[0-9a-f]{64}$/);
    const found = await rebuilt(lab, elsewhere(lab), lab.workspace.path('new'), tools);
    expect(found).toMatchObject({ verdict: 'identical', differences: [] });
    expect(found?.steps.map(({ task }) => task)).toEqual(['merge', 'convert', 'quantize:Q4_K_M']);
  });

  test('names a source that was changed', async () => {
    using lab = fakeLab(small);
    await run(lab);
    const file = elsewhere(lab);
    lab.workspace.write('work/calibration.txt', 'something else');
    const found = await rebuilt(lab, file, lab.workspace.path('new'));
    expect(found).toMatchObject({
      verdict: 'impossible',
      differences: [expect.stringMatching(/^calibration\.txt \(sha256 [0-9a-f]{64}\) is nowhere here/)],
    });
  });

  test('with another build says so, and that the weights are the same', async () => {
    using lab = fakeLab(small);
    await run(lab);
    const other = { ...lab.tools, build: { ...lab.tools.build, id: 'c'.repeat(64) } };
    const found = await rebuilt(lab, elsewhere(lab), lab.workspace.path('new'), other);
    expect(found).toMatchObject({
      verdict: 'differs',
      changed: [expect.stringContaining(`the build of llama.cpp was ${'b'.repeat(64)}, here it is ${'c'.repeat(64)}`)],
      differences: ['the key qpipe.build', 'no tensor: the weights are the same'],
    });
    expect(readGguf(found?.kept ?? '').metadata.get('qpipe.build')).toBe('c'.repeat(64));
  });

  test('of a file that was edited says that the file is not what its run made', async () => {
    using lab = fakeLab(small);
    await run(lab);
    const file = elsewhere(lab);
    const bytes = readFileSync(file);
    bytes[bytes.length - 40] = (bytes[bytes.length - 40] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    const found = await rebuilt(lab, file, lab.workspace.path('out'));
    expect(found?.verdict).toBe('differs');
    expect(found?.differences[0]).toBe('made again it is what its run made: the file was changed since');
    expect(found?.differences.at(-1)).toMatch(/^1 of \d+ tensors/);
  });

  test('knows nothing of a file of others', async () => {
    using lab = fakeLab(small);
    await run(lab);
    const store = Store.open(lab.workspace.path('nothing'), { readOnly: true });
    expect(howMade({ file: 'x.gguf', parts: [], sha256: 'f'.repeat(64), says: {} }, store, null)).toBeNull();
  });
});
