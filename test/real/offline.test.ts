import '../support/own-machine.ts';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { binary, qpipe, runProgram } from '../support/cli.ts';
import { demo, realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** Root makes a network namespace as it is, others inside a user namespace. */
const flags = ['-n', '-rn'].find((flag) => spawnSync('unshare', [flag, 'true']).status === 0);
const space = workspace();
afterAll(() => space[Symbol.dispose]());

describe.skipIf(flags === undefined)(
  `without any network interface${flags === undefined ? ' (skipped: `unshare -n` makes no network namespace here)' : ''}`,
  () => {
    const cutOff = (...args: string[]) => runProgram('unshare', [flags ?? '', process.execPath, ...args], { cwd: space.root });

    beforeAll(async () => void (await realTools()));

    test('there is no network indeed', async () => {
      const { stdout } = await cutOff('-p', 'Object.keys(os.networkInterfaces()).length');
      expect(stdout).toBe('0\n');
    });

    test('the demo runs with --offline once the tools are set up', async () => {
      const { code, stdout, stderr } = await cutOff(binary, 'run', demo.pipeline, '--offline', '--only', 'Q4_K_M');
      expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: expect.stringMatching(/base \(F16\)[\s\S]*Q4_K_M/) });
      expect(readdirSync(space.path('out/demo'))).toContain('Demo-Q4_K_M.gguf');
    });
  },
);

describe('with an empty cache', () => {
  const ways: [name: string, args: string[], env: Record<string, string>][] = [
    ['--offline', ['--offline'], {}],
    ['QPIPE_OFFLINE', [], { QPIPE_OFFLINE: '1' }],
    ['HF_HUB_OFFLINE', [], { HF_HUB_OFFLINE: '1' }],
  ];

  test.each(ways)('%s is refused at once, and nothing is made', async (name, args, env) => {
    const started = performance.now();
    const cache = space.path(`cache-${name}`);
    const out = space.path(`out-${name}`);
    const printed = await qpipe(['run', demo.pipeline, '--out', out, ...args], {
      cwd: space.root,
      env: { ...env, XDG_CACHE_HOME: cache, QPIPE_LLAMA_CPP: '', QPIPE_LLAMA_CPP_GIT: '' },
    });
    // Far below what the shortest attempt at a download would take, and with room for a busy machine.
    expect(performance.now() - started).toBeLessThan(5000);
    expect(printed).toMatchObject({ code: 1, stdout: '' });
    expect(printed.stderr).toMatch(/^error: this is missing, .* allows no download:\n {2}the source of llama\.cpp [\s\S]*qpipe setup/m);
    expect([existsSync(cache), existsSync(out)]).toEqual([false, false]);
  });
});
