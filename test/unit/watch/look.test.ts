import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHub } from '../../../src/hub/open-hub.ts';
import { hubSite } from '../../../src/hub/site.ts';
import { loadPipelineText, rememberedDigests } from '../../../src/index.ts';
import { look } from '../../../src/watch/look.ts';
import { changesIn, type Sight } from '../../../src/watch/sight.ts';
import { type LocalHub, startHub } from '../../support/hub/index.ts';
import { workspace } from '../../support/workspace.ts';

/** What a watch sees, of the local Hub and of folders here. */
const space = workspace();
let hub: LocalHub;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(async () => {
  await hub.close();
  space[Symbol.dispose]();
});

async function see(written: Record<string, unknown>, before: Sight = {}): Promise<Sight> {
  const defaults = { quants: 'Q8_0', evaluate: 'none', imatrix: 'none', bench: 'none' };
  const loaded = loadPipelineText(JSON.stringify({ ...defaults, ...written }), { file: null, folder: space.root, env: {} });
  if (!loaded.ok) throw new Error(loaded.diagnostics.map(({ message }) => message).join('\n'));
  const site = hubSite({ endpoint: hub.endpoint, cache: space.path('cache') }, {});
  const digests = rememberedDigests(space.path('digests'));
  const signal = new AbortController().signal;
  return await look(loaded.pipeline, { openHub: async () => openHub(site), digests, before, signal });
}

describe('on the Hub', () => {
  const weights = { 'config.json': '{"a":1}', 'model.safetensors': 'one' };

  test('a new commit is seen; asking again for the same one is one request', async () => {
    const first = await hub.commit('me/model', weights);
    const before = await see({ model: 'me/model' });
    expect(before['me/model@main']?.at).toBe(first);
    const asked = hub.requests.length;
    expect(changesIn(before, await see({ model: 'me/model' }, before))).toEqual([]);
    expect(hub.requests.length - asked).toBe(1);
    const second = await hub.commit('me/model', { ...weights, 'model.safetensors': 'two' });
    expect(changesIn(before, await see({ model: 'me/model' }, before))).toEqual([
      `me/model@main: ${first.slice(0, 12)} to ${second.slice(0, 12)}`,
    ]);
  });

  test('a commit to the README alone changes nothing', async () => {
    await hub.commit('me/readme', weights);
    const before = await see({ model: 'me/readme' });
    const commit = await hub.commit('me/readme', { ...weights, 'README.md': '# news', '.gitattributes': '*' });
    const now = await see({ model: 'me/readme' }, before);
    expect(now['me/readme@main']?.at).toBe(commit);
    expect(changesIn(before, now)).toEqual([]);
  });

  test('of one file of a repo only that file counts', async () => {
    const files = { 'm-Q8_0.gguf': 'one', 'm-Q4_0.gguf': 'one' };
    await hub.commit('me/ggufs', files);
    const written = { model: { gguf: { repo: 'me/ggufs', file: 'Q8_0' } } };
    const before = await see(written);
    await hub.commit('me/ggufs', { ...files, 'm-Q4_0.gguf': 'two' });
    const between = await see(written, before);
    expect(changesIn(before, between)).toEqual([]);
    await hub.commit('me/ggufs', { 'm-Q8_0.gguf': 'two', 'm-Q4_0.gguf': 'two' });
    expect(changesIn(between, await see(written, between))).toEqual([expect.stringMatching(/^me\/ggufs:Q8_0@main: /)]);
  });

  test('an adapter and a text are seen beside the model', async () => {
    await hub.commit('me/base', weights);
    await hub.commit('me/adapter', { 'adapter_config.json': '{}', 'adapter_model.safetensors': 'one' });
    await hub.commit('me/texts', { 'held-out.txt': 'one' }, { type: 'dataset' });
    const evaluate = { text: { repo: 'me/texts', file: 'held-out.txt' } };
    const sight = await see({ model: { repo: 'me/base', adapter: { repo: 'me/adapter' } }, evaluate });
    expect(Object.keys(sight).sort()).toEqual(['llama.cpp', 'me/adapter@main', 'me/base@main', 'me/texts:held-out.txt@main', 'pipeline']);
  });

  test('what cannot be found is said as everywhere', async () => {
    await expect(see({ model: 'me/nothing' })).rejects.toThrow('the Hub shows no model me/nothing');
  });
});

describe('here', () => {
  const written = { model: { path: './checkpoint' } };

  test('a folder changes with what decides in it, and with nothing else', async () => {
    space.write('checkpoint/config.json', '{}');
    space.write('checkpoint/model.safetensors', 'one');
    const before = await see(written);
    space.write('checkpoint/README.md', 'news');
    space.write('checkpoint/.cache', 'x');
    expect(changesIn(before, await see(written, before))).toEqual([]);
    space.write('checkpoint/model.safetensors', 'two and more');
    expect(changesIn(before, await see(written, before))).toEqual([`${space.path('checkpoint')} changed`]);
  });

  test('a pipeline changes with its meaning: not with whom it tells', async () => {
    space.write('checkpoint/config.json', '{}');
    const before = await see(written);
    expect(changesIn(before, await see({ ...written, notify: { run: ['true'] } }, before))).toEqual([]);
    expect(changesIn(before, await see({ ...written, quants: ['Q8_0', 'Q2_K'] }, before))).toEqual(['pipeline changed']);
  });
});

test('of a build that is named its programs and libraries count, and nothing beside them', async () => {
  for (const program of ['quantize', 'imatrix', 'perplexity', 'bench', 'completion']) space.write(`bin/llama-${program}`, 'one');
  space.write('bin/libllama.so', 'one');
  space.write('checkpoint/config.json', '{}');
  const written = { model: { path: './checkpoint' }, tools: { llamaCpp: { path: './bin' } } };
  const before = await see(written);
  space.write('bin/notes.log', 'x');
  expect(changesIn(before, await see(written, before))).toEqual([]);
  space.write('bin/libllama.so', 'two and more');
  expect(changesIn(before, await see(written, before))).toEqual(['llama.cpp changed']);
});

test('what is new, and what is not used any more, is a change', () => {
  const [a, b] = [{ one: { at: 'x', content: 'x' } }, { two: { at: 'y', content: 'y' } }];
  expect(changesIn(a, b)).toEqual(['two is new', 'one is not used any more']);
});
