import { afterAll, beforeAll, expect, test } from 'vitest';
import { sourceProblems } from '../../../src/facts/source-problems.ts';
import { openHub } from '../../../src/hub/open-hub.ts';
import { hubSite } from '../../../src/hub/site.ts';
import { gatherFacts, loadPipelineText, locateSources, rememberedDigests } from '../../../src/index.ts';
import { fetchRepo } from '../../../src/sources/fetch-repo.ts';
import { baseTensors, loraConfig, loraTensors, safetensorsBytes } from '../../support/adapters.ts';
import { fakeTools } from '../../support/fake-tools.ts';
import { type LocalHub, startHub } from '../../support/hub/index.ts';
import { workspace } from '../../support/workspace.ts';

/** An adapter of one repo on the model of another. */
const space = workspace();
const tools = fakeTools(space.path('bin')).llamaCpp;
let hub: LocalHub;

const adapter = { 'adapter_config.json': JSON.stringify(loraConfig), 'adapter_model.safetensors': safetensorsBytes(loraTensors) };

beforeAll(async () => {
  hub = await startHub();
  const config = JSON.stringify({ architectures: ['LlamaForCausalLM'], vocab_size: 40, tie_word_embeddings: false });
  await hub.commit('me/base', { 'config.json': config, 'model.safetensors': safetensorsBytes(baseTensors), 'tokenizer.json': '{}' });
});
afterAll(async () => {
  await hub.close();
  space[Symbol.dispose]();
});

const site = () => hubSite({ endpoint: hub.endpoint, cache: space.path('hub') }, {});

async function located(repo: string, commits: Record<string, string> = {}) {
  const text = `name: nightly\nmodel: { repo: me/base, adapter: ${repo} }\nquants: Q8_0\nevaluate: none\nimatrix: none\nbench: none\n`;
  const loaded = loadPipelineText(text, { file: null, folder: space.root });
  if (!loaded.ok) throw new Error('the pipeline is not well formed');
  const digests = rememberedDigests(space.path('digests'));
  const found = await locateSources(loaded.pipeline, {
    openHub: async () => openHub(site()),
    texts: space.path('texts'),
    digests,
    locked: commits,
  });
  return { found, digests };
}

async function factsOf(repo: string, commits: Record<string, string> = {}) {
  const { found, digests } = await located(repo, commits);
  if (!found.ok) throw new Error(found.problems.map(({ message }) => message).join('\n'));
  using sources = found;
  expect(sourceProblems(sources.pipeline)).toEqual([]);
  return { facts: await gatherFacts(sources, tools, digests), commits: sources.commits, moved: sources.moved };
}

test('is pinned like its model, gives the merged one its name, and says what it was trained on', async () => {
  const config = JSON.stringify({ ...loraConfig, base_model_name_or_path: 'someone/else' });
  const commit = await hub.commit('me/lora', { ...adapter, 'adapter_config.json': config });
  const { facts } = await factsOf('me/lora');
  expect(facts.sources).toContainEqual({ what: 'adapter', type: 'model', repo: 'me/lora', revision: 'main', commit });
  expect(facts.model.name).toBe('lora');
  expect(facts.model.adapter?.files.map(({ name, hub: from }) => [name, from?.repo])).toEqual([
    ['adapter_config.json', 'me/lora'],
    ['adapter_model.safetensors', 'me/lora'],
  ]);
  expect(facts.model.adapter?.notes).toEqual([expect.stringContaining('trained on someone/else, and is merged into me/base')]);
});

test('a commit that changes the model card moves the branch and decides nothing', async () => {
  await hub.commit('me/card', adapter);
  const before = await factsOf('me/card');
  await hub.commit('me/card', { 'README.md': '# Better', 'training_args.bin': 'x', 'checkpoint-1/adapter_model.safetensors': 'x' });
  const after = await factsOf('me/card', before.commits);
  expect(after.moved.map(({ source }) => source)).toEqual(['models/me/card@main']);
  const decided = ({ facts }: typeof after) => facts.model.adapter?.files.map(({ name, sha256 }) => [name, sha256]);
  expect(decided(after)).toEqual(decided(before));
  expect(after.facts.model.adapter?.digest).toBe(before.facts.model.adapter?.digest);
});

test('a repo without an adapter is refused at its place', async () => {
  const { found } = await located('me/base');
  expect(found).toMatchObject({
    ok: false,
    problems: [{ at: '/model/adapter', message: expect.stringContaining('me/base has no adapter_config.json') }],
  });
});

test('is fetched without its model, and without what its trainer left there', async () => {
  await hub.commit('me/fetched', { ...adapter, 'optimizer.pt': 'x', 'tokenizer.json': '{}' });
  const signal = new AbortController().signal;
  const client = openHub(site());
  const { files } = await fetchRepo(client, { repo: 'me/fetched', revision: 'main', file: null, trust: [], signal, onFetch: () => {} });
  await client.close();
  expect(files.map(({ path }) => path)).toEqual(['adapter_config.json', 'adapter_model.safetensors', 'tokenizer.json']);
});
