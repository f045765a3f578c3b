import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { keyOf } from '../../../src/plan/key.ts';
import { type Manifest, manifestText } from '../../../src/provenance/manifest.ts';
import { readManifest } from '../../../src/provenance/read-manifest.ts';
import { verifyManifest } from '../../../src/provenance/verify-manifest.ts';
import { Store } from '../../../src/store/store.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

let space: Workspace;
let store: Store;
beforeEach(() => {
  space = workspace();
  store = Store.open(space.path('out/store'));
  return () => space[Symbol.dispose]();
});

/** A build of one file, which a quantize made of a model from outside. */
function manifest(run: string, previous: Manifest['previous'], bytes = `file of ${run}`): Manifest {
  const inputs = { model: [{ name: 'model.gguf', sha256: digest('model'), size: 5 }] };
  const identity = { build: 'b'.repeat(64), platform: 'linux-x64' };
  const params = { type: 'Q4_K_M' };
  const key = keyOf({
    op: 'quantize',
    opVersion: 2,
    params,
    inputs: { model: [{ name: 'model.gguf', sha256: digest('model') }] },
    identity,
  });
  return {
    version: 1,
    pipeline: 'nightly',
    model: 'Tiny',
    run: { id: run, startedAt: `2026-01-0${run}T02:00:00.000Z`, qpipe: '0.1.0' },
    sources: [{ what: 'model', files: [{ name: 'tiny.gguf', sha256: digest('model'), size: 5 }] }],
    tools: { build: 'a build', buildId: 'b'.repeat(64), version: '1', converter: null },
    base: 'F16',
    files: [
      {
        name: 'Tiny-Q4_K_M.gguf',
        sha256: digest(bytes),
        size: bytes.length,
        row: 'Q4_K_M',
        kind: 'quant',
        type: 'Q4_K_M',
        bpw: 4.8,
        compressionRatio: 3.3,
        kld: { value: 0.02, low: 0.019, high: 0.021, n: 16 },
        says: {},
        step: 'quantize:Q4_K_M',
      },
    ],
    steps: [
      {
        task: 'quantize:Q4_K_M',
        op: 'quantize',
        opVersion: 2,
        key,
        params,
        inputs,
        identity,
        outputs: [{ name: 'quant.gguf', sha256: digest(bytes), size: bytes.length }],
      },
    ],
    gates: 'pass',
    previous,
  };
}

/** Keeps it with its run, as a run does. */
function keep(made: Manifest): Manifest['previous'] {
  space.write(`out/store/runs/${made.run.id}/manifest.json`, manifestText(made));
  return { run: made.run.id, sha256: digest(manifestText(made)) };
}

/** Three builds; the last one lies beside its file. */
function series(): string {
  const third = manifest('3', keep(manifest('2', keep(manifest('1', null)))));
  space.write('out/nightly/Tiny-Q4_K_M.gguf', 'file of 3');
  return space.write('out/nightly/manifest.json', manifestText(third));
}

describe('a series of builds', () => {
  test('holds to the first one', async () => {
    expect(await verifyManifest(readManifest(series()), store)).toEqual({
      file: space.path('out/nightly/manifest.json'),
      verdict: 'holds',
      problems: [],
      files: [{ name: 'Tiny-Q4_K_M.gguf', state: 'as-it-says' }],
      chain: [
        { run: '2', state: 'as-named' },
        { run: '1', state: 'as-named' },
      ],
      toTheFirst: true,
    });
  });

  test('does not hold when an earlier manifest was edited, whatever else was left as it was', async () => {
    const path = series();
    keep({ ...manifest('1', null), gates: 'fail' });
    const found = await verifyManifest(readManifest(path), store);
    expect(found).toMatchObject({ verdict: 'does-not-hold', chain: [{ state: 'as-named' }, { run: '1', state: 'another' }] });
    expect(found.problems).toEqual(['the manifest of run 1 has other bytes than the build after it says']);
  });

  test('is followed as far as it is here', async () => {
    const path = series();
    rmSync(space.path('out/store/runs/1'), { recursive: true });
    const found = await verifyManifest(readManifest(path), store);
    expect(found).toMatchObject({ verdict: 'holds', chain: [{ state: 'as-named' }, { run: '1', state: 'not-here' }], toTheFirst: false });
  });
});

describe('a manifest does not hold', () => {
  const problemsOf = async (text: string) => (await verifyManifest(readManifest(space.write('m/manifest.json', text)), store)).problems;

  test('when a file beside it was changed', async () => {
    const path = series();
    writeFileSync(space.path('out/nightly/Tiny-Q4_K_M.gguf'), 'another file');
    expect((await verifyManifest(readManifest(path), store)).problems).toEqual(['Tiny-Q4_K_M.gguf beside it has other bytes than it says']);
  });

  test('when the lock file beside it has another commit', async () => {
    const made = manifest('1', null);
    const onHub = { what: 'model', type: 'model' as const, repo: 'me/tiny', revision: 'main', commit: 'a'.repeat(40), files: [] };
    const lock = (commit: string) =>
      space.write('m/qpipe.lock.json', JSON.stringify({ version: 1, sources: { 'models/me/tiny@main': { commit } } }));
    lock('a'.repeat(40));
    expect(await problemsOf(manifestText({ ...made, sources: [onHub] }))).toEqual([]);
    lock('b'.repeat(40));
    const problem = `qpipe.lock.json beside it has me/tiny at ${'b'.repeat(40)}, it says ${'a'.repeat(40)}`;
    expect(await problemsOf(manifestText({ ...made, sources: [onHub] }))).toEqual([problem]);
  });

  test('when it was written in another form', async () => {
    expect(await problemsOf(JSON.stringify(manifest('1', null), null, 2))).toEqual([expect.stringMatching(/not in the one form/)]);
  });

  test('when it says of a step what does not give its key', async () => {
    const made = manifest('1', null);
    const forged = { ...made, steps: made.steps.map((step) => ({ ...step, params: { type: 'Q2_K' } })) };
    expect(await problemsOf(manifestText(forged))).toEqual(['the key of quantize:Q4_K_M is not that of what it says it was made from']);
  });

  test('when a step is made of what comes of it: a rebuild would go round in circles', async () => {
    const made = manifest('1', null);
    const from = { task: 'quantize:Q4_K_M', output: 'quant.gguf' };
    const forged = { ...made, steps: made.steps.map((step) => ({ ...step, inputs: { model: [{ name: 'model.gguf', from }] } })) };
    expect(await problemsOf(manifestText(forged))).toEqual([
      'quantize:Q4_K_M is made of quant.gguf of quantize:Q4_K_M, which no step before it made',
    ]);
  });

  test('when a file is none that its steps made', async () => {
    const made = manifest('1', null);
    const forged = { ...made, files: made.files.map((file) => ({ ...file, sha256: digest('something else') })) };
    expect(await problemsOf(manifestText(forged))).toEqual(['Tiny-Q4_K_M.gguf is not what quantize:Q4_K_M made']);
  });
});

describe('a manifest is refused', () => {
  test.each([
    [
      'whose steps would write beside their folder',
      manifestText({
        ...manifest('1', null),
        steps: manifest('1', null).steps.map((step) => ({ ...step, outputs: [{ name: '../x', sha256: digest('x'), size: 1 }] })),
      }),
      /steps\.0\.outputs\.0\.name: this name leads elsewhere/,
    ],
    ['that was cut', manifestText(manifest('1', null)).slice(0, 200), /is not JSON/],
    [
      'of a newer qpipe',
      manifestText({ ...manifest('1', null), version: 2 } as unknown as Manifest),
      /has version 2, and this qpipe reads version 1/,
    ],
    ['that is something else', '{"version":1}\n', /is no manifest of a qpipe build: pipeline/],
  ])('%s', (_what, text, message) => {
    expect(() => readManifest(space.write('m/manifest.json', text))).toThrow(message);
  });
});
