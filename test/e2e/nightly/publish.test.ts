import '../../support/own-machine.ts';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { readSums } from '../../../src/publish/sums.ts';
import { randomFrom } from '../../../src/stats/random.ts';
import { sha256File } from '../../../src/store/digest.ts';
import { binary, startProgram } from '../../support/cli.ts';
import { type FakeLab, fakeLab, small } from '../../support/fake-lab.ts';
import { type LocalHub, startHub } from '../../support/hub/index.ts';
import { groupLives } from '../../support/process.ts';
import { readyFakes } from '../../support/ready-fakes.ts';
import { writeTinyModel } from '../../support/tiny-model.ts';

/** Nights that publish to a repo and to a folder, killed with -9 anywhere between their first task and the last rename, and run again. */
const nights = process.env['QPIPE_SOAK'] ? 50 : 4;
const timeout = 60_000 + nights * 20_000;
const repo = 'me/Tiny-GGUF';
const models: Buffer[] = [];
let lab: FakeLab;
let hub: LocalHub;

beforeAll(async () => {
  using maker = fakeLab(small);
  for (const seed of [1, 2]) {
    writeTinyModel(maker.workspace, 'work/model', seed);
    await maker.run();
    models.push(readFileSync(maker.workspace.path('out/tiny/Tiny-F16.gguf')));
  }
  lab = fakeLab();
  hub = await startHub({ partBytes: 4000 });
  const publish = [repo, { to: './published', keep: 2 }];
  const model = { gguf: './tiny.gguf', name: 'Tiny' };
  lab.workspace.write(
    'work/nightly.yaml',
    JSON.stringify({ ...lab.pipeline, ...small, name: 'nightly', model, quants: ['Q8_0', 'Q4_K_M'], publish }),
  );
}, 60_000);
afterAll(async () => {
  await hub.close();
  lab[Symbol.dispose]();
});

function night(command: string[] = ['run', 'nightly.yaml']) {
  const { folder, env } = readyFakes(lab.fakes, lab.workspace);
  const place = { HF_ENDPOINT: hub.endpoint, HF_HOME: lab.workspace.path('home'), HF_TOKEN: 'hf_x', QPIPE_OUT: lab.workspace.path('out') };
  const args = [binary, ...command, ...(command[0] === 'run' ? ['--llama-cpp', folder] : [])];
  return startProgram(process.execPath, args, { cwd: lab.workspace.path('work'), env: { ...env, ...place } });
}

/** Digests by path of what the folder shows; what is there has to be whole. */
async function inFolder(): Promise<Map<string, string>> {
  const latest = lab.workspace.path('work/published/latest');
  const sums = readSums(readFileSync(`${latest}/SHA256SUMS`, 'utf8'));
  for (const [path, digest] of sums) expect(await sha256File(`${latest}/${path}`), path).toBe(digest);
  return ggufs(sums);
}

/** The same of the repo, by the Hub's own digests. */
async function inRepo(): Promise<Map<string, string>> {
  const answer = await fetch(`${hub.endpoint}/api/models/${repo}/tree/main?recursive=true`, { headers: { authorization: 'Bearer hf_x' } });
  const files = (await answer.json()) as { path: string; lfs?: { oid: string } }[];
  return ggufs(new Map(files.flatMap(({ path, lfs }) => (lfs ? [[path, lfs.oid] as const] : []))));
}

function ggufs(digests: Map<string, string>): Map<string, string> {
  return new Map([...digests].filter(([path]) => path.endsWith('.gguf')).toSorted());
}

const commits = () =>
  hub.requests.filter(({ method, url, status }) => method === 'POST' && /\/commit\/main$/.test(url) && status === 200).length;

test(
  `killed in any moment and run again: the same files everywhere, nothing published twice, and latest never points to nothing (${nights} nights)`,
  async () => {
    const random = randomFrom(5);
    lab.workspace.write('work/tiny.gguf', models[0] ?? '');
    const began = performance.now();
    const first = await night().ended;
    expect(first.code, first.stderr).toBe(0);
    const usual = performance.now() - began;
    for (let n = 1; n <= nights; n++) {
      lab.workspace.write('work/tiny.gguf', models[n % 2] ?? '');
      const before = commits();
      const running = night();
      // Wherever it has come to by then is as good a moment as any other.
      await new Promise((resolve) => setTimeout(resolve, usual * (0.2 + 0.8 * random())));
      running.child.kill('SIGKILL');
      await running.ended;
      expect(existsSync(lab.workspace.path('work/published/latest/README.md'))).toBe(true);
      await inFolder();
      const again = await night().ended;
      expect(again.code, again.stderr).toBe(0);
      const [folder, remote] = [await inFolder(), await inRepo()];
      expect(remote).toEqual(folder);
      for (const name of ['Tiny-Q8_0.gguf', 'Tiny-Q4_K_M.gguf'])
        expect(folder.get(name)).toBe(await sha256File(lab.workspace.path('out/nightly', name)));
      expect(commits() - before).toBe(2);
      expect(readdirSync(lab.workspace.path('work/published/builds')).length).toBeLessThanOrEqual(2);
    }
  },
  timeout,
);

test('what did not pass is not published, neither by itself nor when somebody asks', async () => {
  const pipeline = { ...lab.pipeline, ...small, name: 'worse', model: { gguf: './tiny.gguf', name: 'Tiny' } };
  const gates = [{ metric: 'kld', quant: 'Q4_K_M', max: 0 }];
  lab.workspace.write('work/tiny.gguf', models[0] ?? '');
  lab.workspace.write('work/worse.yaml', JSON.stringify({ ...pipeline, gates, publish: ['me/Worse-GGUF', { to: './worse' }] }));
  const requests = hub.requests.length;
  const ran = await night(['run', 'worse.yaml']).ended;
  expect(ran.code, ran.stderr).toBe(1);
  expect(ran.stderr).toContain('not published: its gates did not pass: kld of Q4_K_M failed');
  expect(hub.requests).toHaveLength(requests);
  expect(existsSync(lab.workspace.path('work/worse'))).toBe(false);
  const asked = await night(['publish', 'worse.yaml']).ended;
  expect(asked.code).toBe(2);
  expect(asked.stderr).toMatch(/run \S+ is not published: its gates did not pass/);
});

test('a destination that fails keeps the others from nothing, and the next run goes on with it alone', async () => {
  const pipeline = { ...lab.pipeline, ...small, name: 'two', model: { gguf: './tiny.gguf', name: 'Tiny' } };
  lab.workspace.write('work/tiny.gguf', models[0] ?? '');
  lab.workspace.write('work/two.yaml', JSON.stringify({ ...pipeline, publish: [{ run: ['./take.sh'] }, { to: './two' }] }));
  const takes = (line: string) => chmodSync(lab.workspace.write('work/take.sh', `#!/bin/sh\n${line}\n`), 0o755);
  takes('echo "no room left" >&2; exit 1');
  const failed = await night(['run', 'two.yaml']).ended;
  expect(failed.code).toBe(1);
  expect(failed.stderr).toMatch(/error: \S+take\.sh did not publish: no room left/);
  expect(existsSync(lab.workspace.path('work/two/latest/Tiny-Q4_K_M.gguf'))).toBe(true);
  takes('cat > /dev/null');
  const mended = await night(['run', 'two.yaml']).ended;
  expect(mended.code, mended.stderr).toBe(0);
  expect(mended.stderr).toMatch(/take\.sh: published run/);
  expect(mended.stderr).toMatch(/two: nothing was done\n {2}note: run \S+ has published the same already/);
});

test('a run that could not be published is told as what it was, and the next pipeline is run all the same', async () => {
  const pipeline = { ...lab.pipeline, ...small, model: { gguf: './tiny.gguf', name: 'Tiny' } };
  const publish = [{ run: ['false', 'a-secret'] }, { to: './told' }];
  lab.workspace.write('work/tiny.gguf', models[0] ?? '');
  chmodSync(lab.workspace.write('work/tell.sh', '#!/bin/sh\ncat > told.json\n'), 0o755);
  lab.workspace.write('work/one.yaml', JSON.stringify({ ...pipeline, name: 'one', publish, notify: { run: ['./tell.sh'] } }));
  lab.workspace.write('work/other.yaml', JSON.stringify({ ...pipeline, name: 'other' }));
  const { code, stdout, stderr } = await night(['run', 'one.yaml', 'other.yaml']).ended;
  expect(code).toBe(1);
  expect(existsSync(lab.workspace.path('out/other/results.json'))).toBe(true);
  const told = lab.workspace.read('work/told.json');
  expect(JSON.parse(told)).toMatchObject({
    run: expect.any(String),
    exitCode: 1,
    problem: expect.stringContaining('false did not publish'),
  });
  expect(JSON.parse(told)).toMatchObject({ published: [expect.stringContaining('told/latest')] });
  expect(told + stdout + stderr).not.toContain('a-secret');
});

test('Ctrl-C ends a program that publishes, with what it has started, and its run is published by the next one', async () => {
  const pipeline = { ...lab.pipeline, ...small, name: 'stopped', model: { gguf: './tiny.gguf', name: 'Tiny' } };
  lab.workspace.write('work/tiny.gguf', models[0] ?? '');
  lab.workspace.write('work/stopped.yaml', JSON.stringify({ ...pipeline, publish: { run: ['./slow.sh'] } }));
  const pid = lab.workspace.path('work/slow.pid');
  chmodSync(
    lab.workspace.write('work/slow.sh', `#!/bin/sh\nsleep 1000 & echo $$ > '${pid}.half'; mv '${pid}.half' '${pid}'; wait\n`),
    0o755,
  );
  const running = night(['run', 'stopped.yaml']);
  await vi.waitUntil(() => existsSync(pid), { timeout: 20_000 });
  running.child.kill('SIGINT');
  expect((await running.ended).code).toBe(130);
  await vi.waitUntil(() => !groupLives(Number(readFileSync(pid, 'utf8'))));
  chmodSync(lab.workspace.write('work/slow.sh', '#!/bin/sh\ncat > /dev/null\n'), 0o755);
  const next = await night(['run', 'stopped.yaml']).ended;
  expect(next.stderr).toMatch(/slow\.sh: published run/);
});
