import { mkdirSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { FetchProgress } from '../../../src/hub/hub.ts';
import { usualTiming } from '../../../src/hub/timing.ts';
import { tryLock } from '../../../src/store/lock.ts';
import { until } from '../../support/fetch-process.ts';
import { failure, type HubLab, hubLab, model, segmentBytes, sha256, someBytes } from '../../support/hub-lab.ts';

const always = Number.POSITIVE_INFINITY;
const weights = someBytes(8 * segmentBytes);
const files = { 'model.safetensors': weights, 'config.json': '{"a":1}' };
const storage = /GET \/cdn\//;
/** Far below all waits that a stop has to end. */
const soonMs = 2000;

interface Situation {
  arrange: (lab: HubLab) => unknown;
  /** What has to be so before the stop. */
  ready: (lab: HubLab, said: FetchProgress[]) => boolean;
}

const situations: [what: string, situation: Situation][] = [
  [
    'while an answer is waited for',
    {
      arrange: ({ local }) => local.fault({ kind: 'latency', match: /HEAD/, ms: 60_000, times: always }),
      ready: ({ local }) => local.count(/HEAD/) === 1,
    },
  ],
  [
    'while nothing comes any more',
    {
      arrange: ({ local }) => local.fault({ kind: 'stall', match: storage, after: 100, times: always }),
      ready: ({ local }) => local.count(storage) === 8 && local.bytesSent(storage) >= 800,
    },
  ],
  [
    'while the server wants to be left alone',
    {
      arrange: ({ local }) =>
        local.fault({ kind: 'status', match: storage, status: 429, headers: { 'Retry-After': '500' }, times: always }),
      ready: ({ local }) => local.requests.some(({ status }) => status === 429),
    },
  ],
  [
    'between two tries',
    {
      arrange: ({ local }) => local.fault({ kind: 'status', match: storage, status: 500, times: always }),
      ready: ({ local }) => local.count(storage) > 8,
    },
  ],
  [
    'in the middle of the bytes',
    {
      arrange: ({ local }) => local.fault({ kind: 'rate', match: storage, bytesPerSecond: 20_000, times: always }),
      ready: (_, said) => said.some(({ bytes, phase }) => phase === 'downloading' && bytes > 7),
    },
  ],
  [
    'while another process fetches the same',
    {
      arrange: ({ inCache }) => tryLock(inCache('.qpipe', `${sha256(weights)}.lock`)),
      ready: (_, said) => said.some(({ phase }) => phase === 'waiting'),
    },
  ],
];

describe('a stop', () => {
  test.each(situations)('%s ends the fetch at once, and the next one is not hindered', async (_, { arrange, ready }) => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    const arranged = arrange(lab);
    const [stop, said] = [new AbortController(), [] as FetchProgress[]];
    const hub = lab.open({ timing: usualTiming });
    const fetching = failure(lab.fetch(tree, { hub, signal: stop.signal, onProgress: (progress) => said.push(progress) }));
    await until(() => ready(lab, said));
    const started = performance.now();
    stop.abort();
    expect((await fetching).kind).toBe('Stopped');
    expect(performance.now() - started).toBeLessThan(soonMs);
    (arranged as { stop?: () => void }).stop?.();
    (arranged as { release?: () => void }).release?.();
    expect((await lab.fetch(tree)).read('model.safetensors').equals(weights)).toBe(true);
    expect(lab.leftOvers()).toEqual([]);
  });

  test('ends the hashing of what is in the cache', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    mkdirSync(lab.inCache('blobs'), { recursive: true });
    writeFileSync(lab.inCache('blobs', sha256(weights)), weights);
    const stop = new AbortController();
    const onProgress = ({ phase }: FetchProgress) => void (phase === 'checking' && stop.abort());
    expect((await failure(lab.fetch(tree, { signal: stop.signal, onProgress }))).kind).toBe('Stopped');
  });

  test('that came before anything began opens no connection', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    const asked = lab.local.requests.length;
    const hub = lab.open();
    const signal = AbortSignal.abort();
    const file = tree.files[0] as (typeof tree.files)[0];
    const asks = [
      lab.fetch(tree, { signal }),
      hub.pin(model, 'main', signal),
      hub.readSmall(tree, file, signal),
      hub.tree({ ...model, name: 'me/b' }, tree.commit, signal),
    ];
    for (const ask of asks) expect((await failure(ask)).kind).toBe('Stopped');
    expect(lab.local.requests).toHaveLength(asked);
  });

  test('of one fetch leaves others alone', async () => {
    await using lab = await hubLab();
    const tree = await lab.put(files);
    const other = await lab.put({ 'other.safetensors': someBytes(8 * segmentBytes, 2) }, { name: 'me/other' });
    lab.local.fault({ kind: 'latency', match: storage, ms: 50, times: always });
    const stop = new AbortController();
    const hub = lab.open();
    const [first, second] = [failure(lab.fetch(tree, { hub, signal: stop.signal })), lab.fetch(other, { hub })];
    await until(() => lab.local.count(storage) > 0);
    stop.abort();
    expect((await first).kind).toBe('Stopped');
    expect((await second).paths.size).toBe(1);
  });
});

test('a hub that is closed lets the process end, and can be asked again', async () => {
  await using lab = await hubLab();
  const tree = await lab.put(files);
  const hub = lab.open();
  await lab.fetch(tree, { hub });
  await hub.close();
  expect(await hub.pin(model, 'main')).toBe(tree.commit);
  await sleep(0);
});
