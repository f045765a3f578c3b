import '../../support/own-machine.ts';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { binary, qpipe, repository, startProgram } from '../../support/cli.ts';
import { startHub } from '../../support/hub/index.ts';
import { copyDemo, realTools } from '../../support/real-lab.ts';
import { webHook } from '../../support/web-hook.ts';
import { workspace } from '../../support/workspace.ts';

/** The real tools, the demo model and its adapters on the local Hub, and a watch that nobody touches. */
test('a new commit of an adapter is seen, merged, quantized, judged, told and drawn; a README starts nothing', async () => {
  await realTools();
  await using hub = await startHub();
  await using hook = await webHook(200);
  using space = workspace();
  copyDemo(space, 'base');
  const adapter = (name: string) => filesIn(`${repository}test/fixtures/adapters/${name}`);
  await hub.commit('me/base', filesIn(space.path('base')));
  const first = await hub.commit('me/adapter', adapter('lora'));
  space.write('held-out.txt', readFileSync(`${repository}test/fixtures/adapters/held-out.txt`));
  const pipeline = {
    model: { repo: 'me/base', adapter: { repo: 'me/adapter' } },
    imatrix: 'none',
    quants: ['Q4_K_M'],
    evaluate: { text: './held-out.txt', context: 128, chunks: 16 },
    bench: 'none',
    samples: 'none',
    notify: { webhook: `\${HOOK}` },
  };
  space.write('nightly.yaml', JSON.stringify(pipeline));
  const place = {
    cwd: space.root,
    env: {
      HF_ENDPOINT: hub.endpoint,
      HF_HUB_CACHE: space.path('hub'),
      HF_HOME: space.path('home'),
      QPIPE_OUT: space.path('out'),
      HOOK: hook.url,
    },
  };
  const watch = startProgram(process.execPath, [binary, 'watch', 'nightly.yaml', '--every', '2s'], place);
  let said = '';
  watch.child.stderr?.on('data', (text: string) => {
    said += text;
  });
  const until = (what: RegExp) => vi.waitUntil(() => what.test(said), { timeout: 600_000, interval: 50 });
  await until(/the run ended with [01]\n/);
  await hub.commit('me/adapter', { ...adapter('lora'), 'README.md': '# tonight' });
  await until(/nothing changed since/);
  const second = await hub.commit('me/adapter', adapter('rslora'));
  await until(/a run begins: me\/adapter@main[\s\S]*the run ended with [01]\n/);
  watch.child.kill('SIGINT');
  expect((await watch.ended).code).toBe(130);
  const told = hook.received.map(({ body }) => JSON.parse(body) as { verdict: string; changed: string[]; gates: unknown[] });
  expect(told).toHaveLength(2);
  expect(told[1]?.changed).toEqual([`adapter me/adapter: ${first.slice(0, 8)} to ${second.slice(0, 8)}`]);
  const history = await qpipe(['history', 'nightly.yaml', '--metric', 'loss', '--json'], place);
  const { nights, trends } = JSON.parse(history.stdout) as {
    nights: { verdict: string; changes: { kind: string }[] }[];
    trends: { points: { breaks: string[]; value: number }[] }[];
  };
  expect(nights.map(({ changes }) => changes.map(({ kind }) => kind))).toEqual([[], ['adapter']]);
  expect(trends[0]?.points.map(({ breaks }) => breaks)).toEqual([[], []]);
});

function filesIn(folder: string): Record<string, Buffer> {
  return Object.fromEntries(readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`)]));
}
