import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Destination } from '../../../src/pipeline/destination.ts';
import type { KeptRun } from '../../../src/publish/kept.ts';
import { publish } from '../../../src/publish/publish.ts';
import { readSums } from '../../../src/publish/sums.ts';
import type { Results } from '../../../src/results/schema.ts';
import { sha256File } from '../../../src/store/digest.ts';
import { type FakeLab, fakeLab } from '../../support/fake-lab.ts';
import { destination, publishLab, repo } from '../../support/publish-lab.ts';

const script = fileURLToPath(new URL('../../support/publish-process.mjs', import.meta.url));
const moments = process.env['QPIPE_SOAK'] ? 50 : 6;
const timeout = 20_000 + moments * 8000;

let lab: FakeLab;
let builds: Results[];
const kept: KeptRun = {
  version: 1,
  destinations: [],
  pipeline: 'name: tiny\n',
  lock: null,
  texts: [],
  licences: [{ name: 'LICENSE', text: 'do' }],
  baseCard: null,
  hasAdapter: false,
  programs: '',
};

beforeAll(async () => {
  lab = fakeLab({ quants: ['Q8_0', 'Q4_K_M'], bench: 'none' });
  const [first, second] = [await lab.run(), await lab.run({ quants: ['Q8_0', 'Q4_K_M', 'Q2_K'] })];
  builds = [first.results, second.results];
}, 60_000);
afterAll(() => lab[Symbol.dispose]());

/** Numbers from 0 to 1, the same ones every time. */
function* random(seed: number): Generator<number> {
  for (let state = seed; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

function start(spec: object) {
  const file = lab.workspace.write('publish.json', JSON.stringify({ out: lab.workspace.path('out'), kept, ...spec }));
  const child = spawn(process.execPath, [script, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  return { child, begun: once(child.stdout, 'data'), ended: once(child, 'exit') };
}

describe('killed at any moment', () => {
  test(
    `a publication to the Hub goes on: the same files, and nothing twice (${moments} moments)`,
    async () => {
      await using hub = await publishLab({ partBytes: 2000 });
      const to = destination();
      const at = random(7);
      const options = { store: lab.store(), asked: true, dryRun: false, openWriter: hub.context(to).openWriter };
      await publish(builds[0] as Results, to, kept, options);
      const before = hub.local.requests.length;
      await publish(builds[1] as Results, to, kept, options);
      const perBuild = hub.local.requests.length - before;
      const wanted = await hub.held();
      for (let n = 0; n < moments; n++) {
        const results = builds[n % 2] as Results;
        const from = hub.local.requests.length;
        const { child, ended } = start({ site: hub.site, results, destination: to });
        const moment = from + Math.floor((at.next().value ?? 0) * perBuild);
        while (child.exitCode === null && hub.local.requests.length < moment) await new Promise((resolve) => setTimeout(resolve, 1));
        child.kill('SIGKILL');
        await ended;
      }
      await publish(builds[1] as Results, to, kept, options);
      expect(await hub.held()).toEqual(wanted);
      const sums = readSums(await hub.text('SHA256SUMS'));
      expect([...sums.keys()].toSorted()).toEqual(
        Object.keys(wanted)
          .filter((path) => !/README|SHA256SUMS/.test(path))
          .toSorted(),
      );
      const quiet = hub.local.requests.length;
      expect(await publish(builds[1] as Results, to, kept, options)).toMatchObject({ state: 'unchanged', place: repo });
      expect(hub.local.requests.slice(quiet).filter(({ method }) => method === 'PUT' || method === 'POST')).toEqual([]);
    },
    timeout,
  );

  test(
    `latest of a folder never points to nothing (${moments} moments)`,
    async () => {
      const { rows, splitOver, texts, card, at: place } = destination();
      const folder = lab.workspace.path('published');
      const to: Destination = { kind: 'folder', path: folder, keep: 2, rows, splitOver, texts, card, at: place };
      const at = random(11);
      const latest = `${folder}/latest`;
      const isWhole = async () => {
        const sums = readSums(readFileSync(`${latest}/SHA256SUMS`, 'utf8'));
        const digests = await Promise.all([...sums.keys()].map((path) => sha256File(`${latest}/${path}`)));
        expect(digests).toEqual([...sums.values()]);
        expect(sums.size).toBeGreaterThan(3);
      };
      await publish(builds[0] as Results, to, kept, { store: lab.store(), asked: true, dryRun: false, openWriter: never });
      for (let n = 0; n < moments; n++) {
        const { child, begun, ended } = start({ site: null, results: builds[(n + 1) % 2], destination: to });
        await begun;
        // From the first of its work to the last: a publication takes some 30 ms here.
        await new Promise((resolve) => setTimeout(resolve, (at.next().value ?? 0) * 40));
        child.kill('SIGKILL');
        await ended;
        expect(existsSync(latest), `latest -> ${readlinkSync(latest)}`).toBe(true);
        await isWhole();
      }
      expect(
        await publish(builds[1] as Results, to, kept, { store: lab.store(), asked: true, dryRun: false, openWriter: never }),
      ).toMatchObject({ run: builds[1]?.run.id });
      await isWhole();
    },
    timeout,
  );
});

const never = () => Promise.reject(new Error('a folder is no repo'));
