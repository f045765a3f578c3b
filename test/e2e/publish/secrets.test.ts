import '../../support/own-machine.ts';
import { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { binary, startProgram } from '../../support/cli.ts';
import { type FakeLab, labWithGguf } from '../../support/fake-lab.ts';
import { readyFakes } from '../../support/ready-fakes.ts';

/** What a run with secrets in every place where a pipeline may have them leaves on the disk: all files are read. */
let lab: FakeLab;
beforeAll(async () => {
  lab = await labWithGguf();
}, 60_000);
afterAll(() => lab[Symbol.dispose]());

const secrets = { UPLOAD_TOKEN: 'hush-upload-4711', TELL_TOKEN: 'hush-tell-4712', HOOK: 'hush-hook-4713', SLACK: 'hush-slack-4714' };

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

test('no file holds the value of a variable of a destination or a notification', async () => {
  const script = (name: string, line: string) => chmodSync(lab.workspace.write(`work/${name}`, `#!/bin/sh\n${line}\n`), 0o755);
  script('upload.sh', 'cat > /dev/null; [ "$1" = --token=hush-upload-4711 ]');
  script('tell.sh', 'cat > /dev/null; [ "$1" = hush-tell-4712 ]');
  const variable = (name: keyof typeof secrets) => `\${${name}}`;
  const pipeline = {
    ...lab.pipeline,
    name: 'hush',
    model: { gguf: './tiny.gguf', name: 'Tiny' },
    publish: [{ run: ['./upload.sh', `--token=${variable('UPLOAD_TOKEN')}`] }, { to: './published' }],
    notify: [
      { run: ['./tell.sh', variable('TELL_TOKEN')], when: 'always' },
      // Nobody listens there: what is said of it is looked at, too.
      { webhook: `http://127.0.0.1:9/${variable('HOOK')}`, when: 'always' },
      { slack: `http://127.0.0.1:9/services/${variable('SLACK')}`, when: 'always' },
    ],
  };
  const { folder, env } = readyFakes(lab.fakes, lab.workspace);
  lab.workspace.write('work/hush.yaml', JSON.stringify(pipeline));
  const place = { ...env, ...secrets, QPIPE_OUT: lab.workspace.path('out') };
  const command = async (...args: string[]) =>
    await startProgram(process.execPath, [binary, ...args], { cwd: lab.workspace.path('work'), env: place }).ended;
  const ran = await command('run', 'hush.yaml', '--llama-cpp', folder);
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stderr).toMatch(/upload\.sh: published run/);
  expect(ran.stderr).not.toContain('tell.sh failed');
  const watched = await command('watch', 'hush.yaml', '--once', '--llama-cpp', folder);
  const asked = await command('publish', 'hush');
  expect(asked.code, asked.stderr).toBe(0);
  const [scripts, own] = [/\/work\/(upload|tell)\.sh$/, filesUnder(lab.workspace.root)];
  const files = own.filter((path) => !scripts.test(path));
  expect(files.some((path) => path.endsWith('publish.json'))).toBe(true);
  expect(files.some((path) => path.endsWith('latest/qpipe.yaml'))).toBe(true);
  const holds = (text: string) => Object.values(secrets).some((secret) => text.includes(secret));
  expect(files.filter((path) => holds(readFileSync(path, 'latin1')))).toEqual([]);
  expect([ran, watched, asked].filter(({ stdout, stderr }) => holds(stdout + stderr))).toEqual([]);
});

test('no published file holds a path of this machine, or the value of a variable, that is an argument of a tool', async () => {
  const own = ['/home/me/private', 'hush-tool-4715'];
  const pipeline = {
    ...lab.pipeline,
    name: 'arguments',
    model: { gguf: './tiny.gguf', name: 'Tiny' },
    publish: './others',
    tools: { args: { quantize: ['--max-buffer-size', '/home/me/private/x', '--max-buffer-size', `\${TOOL_TOKEN}`, '--pure'] } },
  };
  const { folder, env } = readyFakes(lab.fakes, lab.workspace);
  lab.workspace.write('work/arguments.yaml', JSON.stringify(pipeline));
  const ran = await startProgram(process.execPath, [binary, 'run', 'arguments.yaml', '--llama-cpp', folder], {
    cwd: lab.workspace.path('work'),
    env: { ...env, TOOL_TOKEN: 'hush-tool-4715', QPIPE_OUT: lab.workspace.path('out') },
  }).ended;
  expect(ran.code, ran.stderr).toBe(0);
  expect(ran.stderr).toContain('note: manifest.json is not published');
  const files = filesUnder(lab.workspace.path('work/others/latest/'));
  expect(files.some((path) => path.endsWith('.svg'))).toBe(true);
  expect(files.filter((path) => own.some((secret) => readFileSync(path, 'latin1').includes(secret)))).toEqual([]);
  const card = lab.workspace.read('work/others/latest/README.md');
  expect(card).toContain('--max-buffer-size ... --max-buffer-size ... --pure');
});
