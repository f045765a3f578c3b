import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sourceProblems } from '../../../src/facts/source-problems.ts';
import { openHub } from '../../../src/hub/open-hub.ts';
import { hubSite } from '../../../src/hub/site.ts';
import { loadPipelineText, locateSources, rememberedDigests } from '../../../src/index.ts';
import { type LocalHub, startHub } from '../../support/hub/index.ts';
import { workspace } from '../../support/workspace.ts';

/** Repos that lie, by accident or not: one sentence each, and never a hang, a crash or something that nobody asked for. */
const space = workspace();
let hub: LocalHub;

beforeAll(async () => {
  hub = await startHub();
});
afterAll(async () => {
  await hub.close();
  space[Symbol.dispose]();
});

const config = { 'config.json': '{"architectures":["LlamaForCausalLM"]}' };
const always = Number.POSITIVE_INFINITY;

/** What is told of a pipeline that names the repo. */
async function told(repo: string): Promise<string> {
  const loaded = loadPipelineText(`model: ${repo}\nquants: Q8_0\nevaluate: none\nimatrix: none\nbench: none\n`, {
    file: null,
    folder: space.root,
  });
  if (!loaded.ok) throw new Error('the pipeline is not well formed');
  const site = hubSite({ endpoint: hub.endpoint, cache: space.path('hub') }, {});
  const digests = rememberedDigests(space.path('digests'));
  const options = { openHub: async () => openHub(site), texts: space.path('texts'), digests, look: true };
  const sources = await locateSources(loaded.pipeline, options).catch((thrown: Error) => thrown);
  if (sources instanceof Error) return sources.message;
  if (!sources.ok) return sources.problems.map(({ message }) => message).join('\n');
  using found = sources;
  return sourceProblems(found.pipeline)
    .map(({ message }) => message)
    .join('\n');
}

function header(length: number, rest: string): Buffer {
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(length));
  return Buffer.concat([size, Buffer.from(rest)]);
}

test.each([
  ['claims a header beyond its end', header(10_000_000, '{}'.padEnd(400_000)), /not a whole safetensors file/],
  [
    'claims a header beyond all bounds',
    header(2 ** 40, '{}'.padEnd(400_000)),
    /header of \d+ bytes.*implausible|not a whole safetensors file/,
  ],
  ['is empty', Buffer.alloc(0), /not a whole safetensors file/],
  ['has five bytes', Buffer.from('12345'), /not a whole safetensors file/],
])('a shard that %s', async (name, content, message) => {
  const repo = `me/${name.replaceAll(' ', '-')}`;
  await hub.commit(repo, { ...config, 'model.safetensors': content });
  expect(await told(repo)).toMatch(message);
});

test.each([
  ['that names a pickle', { a: 'pytorch_model.bin' }, /names pytorch_model\.bin, which is no model\*\.safetensors/],
  ['that names a missing shard', { a: 'model-00002-of-00002.safetensors' }, /names model-00002-of-00002\.safetensors, which is not there/],
  ['that names what lies outside', { a: '../../etc/passwd' }, /names \.\.\/\.\.\/etc\/passwd, which is no model/],
  ['that is a list', ['model.safetensors'], /names no weights/],
])('an index %s', async (name, map, message) => {
  const repo = `me/index-${name.replaceAll(' ', '-')}`;
  const index = JSON.stringify({ weight_map: map });
  await hub.commit(repo, {
    ...config,
    'model.safetensors.index.json': index,
    'model.safetensors': header(2, '{}'),
    'pytorch_model.bin': 'x',
  });
  expect(await told(repo)).toMatch(message);
});

test.each([
  ['config.json', 'not JSON', /config\.json/],
  ['config.json', '[1]', /config\.json/],
  ['modules.json', '[null, 3, {"path": 4}]', /^$/],
])('%s that holds %s', async (file, content, message) => {
  const repo = `me/odd-${content.length}-${file.length}`;
  await hub.commit(repo, { ...config, 'model.safetensors': header(2, '{}'), [file]: content });
  expect(await told(repo)).toMatch(message);
});

test.each(['{"error":"log in"}', 'null', '[null]', '[{"type":"file"}]'])('an answer that is no tree: %s', async (body) => {
  const repo = `me/portal-${body.length}`;
  await hub.commit(repo, { ...config, 'model.safetensors': header(2, '{}') });
  const fault = hub.fault({ match: /\/tree\//, times: always, kind: 'json', change: () => JSON.parse(body) });
  expect(await told(repo)).toMatch(/no Hub|not a Hub|is it a Hub|captive|mirror/i);
  fault.stop();
});

test('nothing is left in the temporary folder', () => {
  expect(readdirSync(tmpdir()).filter((name) => name.startsWith(`qpipe-sources-${process.pid}-`))).toEqual([]);
});
