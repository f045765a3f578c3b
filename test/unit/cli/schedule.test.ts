import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { type ScheduleArguments, schedule } from '../../../src/cli/commands/schedule.ts';
import { type Output, ownOutput } from '../../support/own-output.ts';
import { workspace } from '../../support/workspace.ts';

/** `qpipe schedule` on a pipeline file. */
const space = workspace();
space.write('model.gguf', 'GGUF');
const file = space.write('nightly.yaml', `model: ./model.gguf\nquants: Q8_0\nnotify: { slack: "\${HOOK_OF_THE_TEST}" }\n`);

afterEach(() => void vi.unstubAllEnvs());
afterAll(() => space[Symbol.dispose]());

async function printed(changes: Partial<ScheduleArguments>): Promise<Output & { code: number }> {
  const output = ownOutput();
  const none = { cron: false, systemd: false, 'github-actions': false, at: '02:30', install: undefined, out: space.path('out') };
  const code = await schedule({ file, ...none, ...changes });
  return { ...output, code };
}

test('prints units alone on stdout, and what to do with them beside it, with the variables that the pipeline needs', async () => {
  vi.stubEnv('HOOK_OF_THE_TEST', 'https://example.org/hush');
  const { stdout, stderr, code } = await printed({ systemd: true });
  expect(code).toBe(0);
  expect(stdout).toMatch(/^# ~\/\.config\/systemd\/user\/qpipe-nightly\.service\n\[Unit\]/);
  expect(stdout).toContain('\n# ~/.config/systemd/user/qpipe-nightly.timer\n[Unit]');
  expect(stderr).toContain("HOOK_OF_THE_TEST='...'");
  expect(stderr).toMatch(/Nothing was installed\.\n$/);
  expect(stdout + stderr).not.toContain('hush');
});

test('a pipeline that could not be loaded then is not scheduled now', async () => {
  const { stdout, stderr, code } = await printed({ cron: true });
  expect([stdout, code]).toEqual(['', 2]);
  expect(stderr).toContain('the environment variable `HOOK_OF_THE_TEST` is not set');
});

test('asks for a file of values only where one is needed', async () => {
  vi.stubEnv('HOOK_OF_THE_TEST', 'https://example.org/hush');
  expect((await printed({ systemd: true })).stdout).toContain('EnvironmentFile=%h/.config/qpipe/nightly.env');
  const spare = space.write('spare.yaml', `model: ./model.gguf\nquants: "\${QUANT_OF_THE_TEST:-Q8_0}"\n`);
  expect((await printed({ systemd: true, file: spare })).stdout).toContain('EnvironmentFile=-%h/.config/qpipe/spare.env');
  const plain = space.write('plain.yaml', 'model: ./model.gguf\nquants: Q8_0\n');
  expect((await printed({ systemd: true, file: plain })).stdout).not.toContain('EnvironmentFile');
});

test('a workflow installs qpipe by the command that is named', async () => {
  const plain = space.write('plain.yaml', 'model: ./model.gguf\nquants: Q8_0\n');
  const { stdout } = await printed({ 'github-actions': true, file: plain, install: "npm install --global ./it's.tgz" });
  expect(stdout).toContain("npm install --global ./it's.tgz\n");
});

describe('is refused', () => {
  test.each<[string, Partial<ScheduleArguments>, RegExp]>([
    ['without a kind', {}, /say one of --cron, --systemd and --github-actions/],
    ['with two', { cron: true, systemd: true }, /say one of --cron, --systemd and --github-actions/],
    ['with a command for what installs nothing', { cron: true, install: 'npm ci' }, /--install is for --github-actions/],
    ['with an empty command', { 'github-actions': true, install: ' ' }, /--install takes one command/],
    ['at no time of the day', { cron: true, at: '24:00' }, /--at takes a time of the day, such as 02:30, and not 24:00/],
  ])('%s', async (_, changes, message) => {
    vi.stubEnv('HOOK_OF_THE_TEST', 'https://example.org/hush');
    await expect(printed(changes)).rejects.toThrow(message);
  });
});
