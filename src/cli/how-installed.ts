import { existsSync, readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { quoted } from '../schedule/cron.ts';
import type { Install } from '../schedule/install.ts';
import { capture } from '../spawn.ts';

export interface Installed {
  /** Where qpipe is. */
  root: string;
  /** The repository that is checked out there, and the pipeline in it. */
  repository: string;
  file: string;
}

/**
 * What installs the same qpipe again where only the repository is checked out: the repository's own dependency, its own folder, or what npm or git know
 * of the place that this qpipe came from. Throws UserError where nobody else could get it from there.
 */
export async function howInstalled({ root, repository, file }: Installed): Promise<Install> {
  const dependent = foldersUpTo(repository, dirname(file)).find((folder) => dependsOnQpipe(folder, repository));
  if (dependent !== undefined) return asDependency(within(repository, dependent));
  const own = within(repository, root);
  const isSubmodule = own !== '' && existsSync(join(root, '.git'));
  if (own !== null && !isSubmodule && !own.split('/').includes('node_modules')) return asOwnFolder(own);
  const from = asNpmHasIt(root) ?? (await asGitHasIt(root));
  if ('address' in from) return fromAddress(from.address);
  throw new UserError(
    `how a workflow could install this qpipe cannot be told: ${from.why}. Make it a dependency of the repository (npm install --save-dev ADDRESS, and commit package.json and package-lock.json), or say it with --install 'npm install --global ...'`,
  );
}

/** What a person says installs it: either for the whole machine, or into the repository. */
export function installedBy(command: string): Install {
  if (command.trim() === '' || /[\r\n]/.test(command))
    throw new UserError("--install takes one command, such as 'npm install --global ...'");
  return { commands: [command, onPath('PWD')], qpipe: 'qpipe', says: `It installs qpipe by: ${command}` };
}

function asDependency(folder: string | null): Install {
  const place = folder || '.';
  return {
    commands: [place === '.' ? 'npm ci' : `npm ci --prefix ${quoted(place)}`, onPath('PWD', folder ? `/${folder}` : '')],
    qpipe: 'qpipe',
    says: `It installs qpipe as ${join(place, 'package-lock.json')} pins it: commit that file and package.json.`,
  };
}

function asOwnFolder(folder: string): Install {
  const place = folder || '.';
  return {
    commands: [place === '.' ? 'npm ci' : `npm ci --prefix ${quoted(place)}`],
    qpipe: `node ${quoted(join(place, 'bin', 'qpipe.js'))}`,
    says: 'It builds the qpipe that lies in the repository.',
  };
}

/** Not `--global`: of an address of git npm builds a package, and for the whole machine it fails at that. */
function fromAddress(address: string): Install {
  return {
    commands: [`npm install --no-save --prefix "$RUNNER_TEMP/qpipe" ${quoted(address)}`, onPath('RUNNER_TEMP', '/qpipe')],
    qpipe: 'qpipe',
    says: `It installs qpipe from ${address}: see that the workflow may read that address.`,
  };
}

function onPath(variable: string, folder = ''): string {
  return `echo "$${variable}"${quoted(`${folder}/node_modules/.bin`)} >> "$GITHUB_PATH"`;
}

type From = { address: string } | { why: string };

/** Npm keeps the address beside what it has installed, but not for what is installed for the whole machine. */
function asNpmHasIt(root: string): From | null {
  const [, modules, name] = /^(.*\/node_modules)\/((?:@[^/]+\/)?[^/]+)$/.exec(root) ?? [];
  if (modules === undefined) return null;
  const lock = jsonIn(join(modules, '.package-lock.json'));
  const packages = lock?.['packages'] as Record<string, { resolved?: unknown }> | undefined;
  const resolved = packages?.[`node_modules/${name}`]?.resolved;
  if (typeof resolved !== 'string') return { why: `npm has not kept where ${root} came from` };
  return /^(git\+)?(https?|ssh):/.test(resolved)
    ? { address: publicAddress(resolved) }
    : { why: `it came from ${resolved}, which is on this machine` };
}

/** A checkout whose commit others can get too. */
async function asGitHasIt(root: string): Promise<From> {
  if (!existsSync(join(root, '.git'))) return { why: `${root} is neither a checkout of git nor installed by npm` };
  const git = async (...args: string[]) => {
    const { code, stdout } = await capture('git', ['-C', root, ...args]);
    return code === 0 ? stdout.trim() : '';
  };
  const commit = await git('rev-parse', 'HEAD');
  const [remote] = (await git('branch', '--remotes', '--contains', 'HEAD', '--format=%(refname:lstrip=2)')).split('\n');
  const address = await git('remote', 'get-url', remote?.split('/')[0] || 'origin');
  if (address === '') return { why: `${root} is a checkout without a remote` };
  const whole = addressOfGit(address);
  if (whole === null) return { why: `${root} is a checkout of ${withoutPassword(address)}, which is on this machine` };
  if (!remote) return { why: `the commit ${commit.slice(0, 12)} of ${root} is on no remote: push it` };
  if ((await git('status', '--porcelain', '--untracked-files=no')) !== '') return { why: `${root} has changes that are not committed` };
  return { address: publicAddress(`${whole}#${commit}`) };
}

/** As npm takes it; null for a path. */
function addressOfGit(remote: string): string | null {
  if (/^(https?|ssh):\/\//.test(remote)) return `git+${remote}`;
  const [, at, path] = /^([\w.-]+@[\w.-]+):(?!\/\/)(.+)$/.exec(remote) ?? [];
  return at !== undefined && path !== undefined ? `git+ssh://${at}/${path}` : null;
}

/** A workflow has no ssh key of ours, and a password is nobody's business. */
function publicAddress(address: string): string {
  return withoutPassword(address.replace(/^git\+ssh:\/\/git@(github\.com|gitlab\.com|bitbucket\.org)\//, 'git+https://$1/'));
}

function withoutPassword(address: string): string {
  return address.replace(/^((?:git\+)?https?:\/\/)[^/@]*@/, '$1');
}

/** With a lock file, and from no place that is only on this machine. */
function dependsOnQpipe(folder: string, repository: string): boolean {
  const about = jsonIn(join(folder, 'package.json'));
  const wanted = ['dependencies', 'devDependencies', 'optionalDependencies'].map(
    (kind) => (about?.[kind] as Record<string, unknown> | undefined)?.['qpipe'],
  );
  const spec = wanted.find((one) => typeof one === 'string');
  if (typeof spec !== 'string' || !existsSync(join(folder, 'package-lock.json'))) return false;
  const path = /^(?:file|link):(.+)$/.exec(spec)?.[1];
  return path === undefined || within(repository, resolve(folder, path)) !== null;
}

function foldersUpTo(top: string, folder: string): string[] {
  return folder === top || folder === dirname(folder) ? [folder] : [folder, ...foldersUpTo(top, dirname(folder))];
}

/** Relative to the folder, empty for itself; null outside of it. */
function within(folder: string, path: string): string | null {
  const way = relative(folder, path);
  return way === '..' || way.startsWith('../') || isAbsolute(way) ? null : way;
}

function jsonIn(path: string): Record<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
