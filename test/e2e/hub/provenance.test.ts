import '../../support/own-machine.ts';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { blame } from '../../../src/blame/blame.ts';
import { openHub } from '../../../src/hub/open-hub.ts';
import { hubSite } from '../../../src/hub/site.ts';
import {
  assemble,
  gatherFacts,
  loadPipelineText,
  locateSources,
  plan,
  rememberedDigests,
  run,
  Store,
  writeOutFolder,
} from '../../../src/index.ts';
import { howMade } from '../../../src/provenance/how-made.ts';
import { keepManifest } from '../../../src/provenance/keep-manifest.ts';
import { Leaves } from '../../../src/provenance/leaves.ts';
import { manifestBeside } from '../../../src/provenance/read-manifest.ts';
import { rebuild } from '../../../src/provenance/rebuild.ts';
import type { GateVerdict, Results } from '../../../src/results/schema.ts';
import { sha256File } from '../../../src/store/digest.ts';
import { type FakeTools, fakeTools } from '../../support/fake-tools.ts';
import { type LocalHub, startHub } from '../../support/hub/index.ts';
import { someText, writeTinyModel } from '../../support/tiny-model.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

/** A model on the Hub, whose commits follow each other while its builds are compared. */
let hub: LocalHub;
let space: Workspace;
let fakes: FakeTools;
const capacity = { threads: 2, memoryBytes: 2 ** 33 };

beforeEach(async () => {
  hub = await startHub();
  space = workspace();
  fakes = fakeTools(space.path('bin'));
  space.write('evaluation.txt', someText(400, 'evaluation'));
});
afterEach(async () => {
  await hub.close();
  space[Symbol.dispose]();
});

const open = async () => openHub(hubSite({ endpoint: hub.endpoint, cache: space.path('hub') }, {}));

/** A commit of the tiny model. */
async function commit(seed: number, vocabulary = 'token'): Promise<void> {
  writeTinyModel(space, 'made', seed);
  space.write('made/vocab.txt', space.read('made/vocab.txt').replaceAll('token', vocabulary));
  const names = ['config.json', 'vocab.txt', 'model.safetensors'];
  await hub.commit('me/tiny', Object.fromEntries(names.map((name) => [name, readFileSync(space.path('made', name))])));
}

const written = { name: 'tiny', model: { repo: 'me/tiny', name: 'Tiny' }, imatrix: 'none', quants: ['Q4_K_M'], bench: 'none' };
const evaluate = { text: 'evaluation.txt', context: 32, chunks: 8 };

/** What the branch stands for tonight, to its results and its manifest. */
async function night() {
  const loaded = loadPipelineText(JSON.stringify({ ...written, evaluate }), { file: null, folder: space.root, env: {} });
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
  const store = Store.open(space.path('out/store'));
  const digests = rememberedDigests(store.path('statcache.ndjson'));
  const located = await locateSources(loaded.pipeline, { openHub: open, texts: space.path('texts'), digests });
  if (!located.ok) throw new Error(located.problems.map(({ message }) => message).join('\n'));
  using sources = located;
  const planned = plan(sources.pipeline, await gatherFacts(sources, fakes.llamaCpp, digests));
  if (!planned.ok) throw new Error(planned.problems.map(({ message }) => message).join('\n'));
  const result = await run(planned.plan, { store, digests, tools: fakes.llamaCpp, hub: sources.hub, capacity, emit: () => {} });
  const results = assemble(planned.plan, result, 'test');
  keepManifest(await writeOutFolder(space.path('out'), { plan: planned.plan, result, results, store }), {
    plan: planned.plan,
    result,
    results,
    store,
  });
  return { plan: planned.plan, results };
}

function leavesOf(store: Store): { leaves: Leaves; digests: ReturnType<typeof rememberedDigests> } {
  const digests = rememberedDigests(store.path('statcache.ndjson'), { readOnly: true });
  return { digests, leaves: new Leaves({ store, digests, folders: [], openHub: open }) };
}

test('a file is made again from the commit of then, with nothing here but its manifest', async () => {
  await commit(1);
  await night();
  mkdirSync(space.path('shipped'));
  for (const name of ['Tiny-Q4_K_M.gguf', 'manifest.json']) cpSync(space.path('out/tiny', name), space.path('shipped', name));
  for (const folder of ['out', 'hub', 'made']) rmSync(space.path(folder), { recursive: true });
  await commit(2);
  const file = space.path('shipped/Tiny-Q4_K_M.gguf');
  const store = Store.open(space.path('new/store'), { readOnly: true });
  const wanted = { file, parts: [file], sha256: await sha256File(file), says: {} };
  const made = howMade(wanted, store, manifestBeside(file));
  if (!made) throw new Error('the manifest does not know its file');
  const options = { out: space.path('new'), store, tools: fakes.llamaCpp, capacity, emit: () => {}, ...leavesOf(store) };
  const found = await rebuild(wanted, made, options);
  await options.leaves.hub?.close();
  expect(found).toMatchObject({ verdict: 'identical', changed: [], differences: [] });
  expect(found.steps.map(({ task }) => task)).toEqual(['convert', 'quantize:Q4_K_M']);
});

test('a repo that is gone is named', async () => {
  await commit(1);
  await night();
  for (const folder of ['hub', 'made', 'out/store']) rmSync(space.path(folder), { recursive: true });
  await hub.close();
  hub = await startHub();
  const file = space.path('out/tiny/Tiny-Q4_K_M.gguf');
  const store = Store.open(space.path('new/store'), { readOnly: true });
  const wanted = { file, parts: [file], sha256: await sha256File(file), says: {} };
  const made = howMade(wanted, store, manifestBeside(file));
  if (!made) throw new Error('the manifest does not know its file');
  const options = { out: space.path('new'), store, tools: fakes.llamaCpp, capacity, emit: () => {}, ...leavesOf(store) };
  const found = await rebuild(wanted, made, options);
  await options.leaves.hub?.close();
  expect(found.verdict).toBe('impossible');
  expect(found.differences[0]).toMatch(/^config\.json of me\/tiny at [0-9a-f]{40} cannot be had: .*me\/tiny/);
});

test('of two things that came with one commit, blame names the one that did it', async () => {
  await commit(1);
  const good = await night();
  await commit(2, 'word');
  const bad = await night();
  const kld = ({ rows }: Results) => rows.find(({ name }) => name === 'Q4_K_M')?.quality?.kld.value;
  const judge = (results: Results): GateVerdict[] => {
    const outcome = kld(results) === kld(good.results) ? 'pass' : 'fail';
    return [{ metric: 'kld', quant: 'Q4_K_M', level: 'fail', outcome, evidence: `it is ${outcome}` }];
  };
  const store = Store.open(space.path('out/store'));
  const { leaves, digests } = leavesOf(store);
  const found = await blame(
    good,
    { ...bad, results: { ...bad.results, gates: judge(bad.results) } },
    {
      store,
      digests,
      leaves,
      tools: fakes.llamaCpp,
      toolsOf: () => fakes.llamaCpp,
      capacity,
      emit: () => {},
      judge,
      version: 'test',
    },
  );
  await leaves.hub?.close();
  expect(found).toMatchObject({ changed: ['weights', 'tokenizer'], named: [['weights']] });
  expect(found.trials.map(({ swapped, state }) => [swapped, state])).toEqual([
    [['weights'], 'fails'],
    [['tokenizer'], 'passes'],
  ]);
});
