import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { howInstalled } from '../../../src/cli/how-installed.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

/** Where the running qpipe may have come from, and what installs it again in a workflow. */
let space: Workspace;
beforeEach(() => {
  space = workspace();
  space.write('team/models/nightly.yaml', '');
  return () => space[Symbol.dispose]();
});

const found = (root: string) =>
  howInstalled({ root: space.path(root), repository: space.path('team'), file: space.path('team/models/nightly.yaml') });

const git = (folder: string, ...args: string[]) =>
  execFileSync('git', ['-C', space.path(folder), '-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], {
    encoding: 'utf8',
  }).trim();

/** A checkout with one commit, which its remote has too. */
function checkout(remote: string): string {
  space.write('qpipe/package.json', '{}');
  git('qpipe', 'init', '--quiet', '--initial-branch', 'main');
  git('qpipe', 'add', '.');
  git('qpipe', 'commit', '--quiet', '-m', 'one');
  git('qpipe', 'remote', 'add', 'origin', remote);
  git('qpipe', 'update-ref', 'refs/remotes/origin/main', 'HEAD');
  return git('qpipe', 'rev-parse', 'HEAD');
}

describe('a dependency of the repository', () => {
  test('is what its lock file pins, whichever qpipe prints the unit', async () => {
    space.write('team/package.json', JSON.stringify({ devDependencies: { qpipe: 'git+https://example.org/qpipe.git#abc' } }));
    space.write('team/package-lock.json', '{}');
    expect(await found('elsewhere')).toMatchObject({
      commands: ['npm ci', 'echo "$PWD"/node_modules/.bin >> "$GITHUB_PATH"'],
      qpipe: 'qpipe',
    });
  });

  test('in a folder of it', async () => {
    space.write('team/models/package.json', JSON.stringify({ dependencies: { qpipe: 'file:qpipe.tgz' } }));
    space.write('team/models/package-lock.json', '{}');
    expect((await found('elsewhere')).commands).toEqual([
      'npm ci --prefix models',
      'echo "$PWD"/models/node_modules/.bin >> "$GITHUB_PATH"',
    ]);
  });

  test('that leads out of the repository is none', async () => {
    space.write('team/package.json', JSON.stringify({ devDependencies: { qpipe: 'file:../qpipe' } }));
    space.write('team/package-lock.json', '{}');
    await expect(found('elsewhere')).rejects.toThrow(/--install/);
  });
});

test('a pipeline in the checkout of qpipe runs that one', async () => {
  expect(await found('team')).toMatchObject({ commands: ['npm ci'], qpipe: 'node bin/qpipe.js' });
  mkdirSync(space.path('team/tools/qpipe'), { recursive: true });
  expect(await found('team/tools/qpipe')).toMatchObject({
    commands: ['npm ci --prefix tools/qpipe'],
    qpipe: 'node tools/qpipe/bin/qpipe.js',
  });
});

describe('of what npm has installed', () => {
  const installed = (resolved: string) =>
    space.write('user/node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/qpipe': { resolved } } }));

  test.each([
    ['git+ssh://git@github.com/us/qpipe.git#0123', "'git+https://github.com/us/qpipe.git#0123'"],
    ['git+https://me:secret@example.org/qpipe.git#0123', "'git+https://example.org/qpipe.git#0123'"],
    ['git+ssh://git@example.org/qpipe.git#0123', "'git+ssh://git@example.org/qpipe.git#0123'"],
    ['https://example.org/qpipe-0.1.0.tgz', 'https://example.org/qpipe-0.1.0.tgz'],
  ])('%s', async (resolved, address) => {
    installed(resolved);
    expect((await found('user/node_modules/qpipe')).commands).toEqual([
      `npm install --no-save --prefix "$RUNNER_TEMP/qpipe" ${address}`,
      'echo "$RUNNER_TEMP"/qpipe/node_modules/.bin >> "$GITHUB_PATH"',
    ]);
  });

  test('nobody else has a file of this machine, nor what npm does not tell of', async () => {
    installed('file:../qpipe.tgz');
    await expect(found('user/node_modules/qpipe')).rejects.toThrow(
      /came from file:\.\.\/qpipe\.tgz, which is on this machine.*--install 'npm install/,
    );
    await expect(found('global/node_modules/qpipe')).rejects.toThrow(/npm has not kept where/);
  });
});

describe('of a checkout', () => {
  test('its commit is taken from where others get it', async () => {
    const commit = checkout('git@github.com:us/qpipe.git');
    const { commands, says } = await found('qpipe');
    expect(commands[0]).toBe(`npm install --no-save --prefix "$RUNNER_TEMP/qpipe" 'git+https://github.com/us/qpipe.git#${commit}'`);
    expect(says).toContain('may read that address');
  });

  test.each<[string, () => void, RegExp]>([
    ['whose commit is not pushed', () => void git('qpipe', 'commit', '--quiet', '--allow-empty', '-m', 'two'), /is on no remote: push it/],
    ['with changes', () => void space.write('qpipe/package.json', '{ }'), /changes that are not committed/],
    ['without a remote', () => void git('qpipe', 'remote', 'remove', 'origin'), /without a remote/],
    [
      'of a folder',
      () => void git('qpipe', 'remote', 'set-url', 'origin', '/srv/qpipe.git'),
      /checkout of \/srv\/qpipe\.git, which is on this machine/,
    ],
  ])('%s is refused', async (_, change, reason) => {
    checkout('https://example.org/qpipe.git');
    change();
    await expect(found('qpipe')).rejects.toThrow(reason);
  });
});

test('a folder that nobody knows is refused', async () => {
  await expect(found('elsewhere')).rejects.toThrow(/neither a checkout of git nor installed by npm\. Make it a dependency/);
});
