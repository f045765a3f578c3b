import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, messageOf, Stopped, UserError } from '../errors.ts';
import { makeFolder } from '../make-folder.ts';
import { capture, which } from '../spawn.ts';
import { checkSpace } from './free-space.ts';
import { cloneFromGit } from './git-source.ts';
import { cloneFromNpm } from './npm-source.ts';
import { sha256, type Vendored } from './pin.ts';
import { remedy } from './remedies.ts';
import type { CacheFolders, Site } from './site.ts';
import { digestSource } from './source-digest.ts';

const sourceBytes = 400e6;

/** The checkout of the pinned release, verified and patched; its folder appears whole or not at all. */
export async function ensureSource(vendored: Vendored, site: Site): Promise<string> {
  const folder = sourceFolder(vendored, site.folders);
  if (existsSync(folder)) return folder;
  if (which('git') === null) throw new UserError(`git is needed to unpack llama.cpp's sources: ${remedy('git')}`);
  checkSpace(site.folders.root, sourceBytes, "llama.cpp's source");
  makeFolder(site.folders.sources);
  const part = `${folder}.part`;
  await obtain(vendored, site, part);
  await applyPatches(vendored, part);
  renameSync(part, folder);
  return folder;
}

export function sourceFolder({ pin, patches }: Vendored, folders: CacheFolders): string {
  const id = sha256([pin.source.sha256, ...patches.map((patch) => patch.sha256)].join('\n'));
  return join(folders.sources, `${pin.release}-${id.slice(0, 12)}`);
}

/** Whether the repository that the user named needs no network. */
export function clonesLocally(): boolean {
  const repository = namedRepository();
  return repository.startsWith('file://') || (repository !== '' && existsSync(repository));
}

function namedRepository(): string {
  return process.env['QPIPE_LLAMA_CPP_GIT'] ?? '';
}

interface Origin {
  name: string;
  /** Needs no network. */
  local: boolean;
  into(part: string): Promise<void>;
}

async function obtain(vendored: Vendored, site: Site, part: string): Promise<void> {
  const { pin } = vendored;
  const repository = namedRepository() || pin.git.repository;
  const known: Origin[] = [
    {
      name: `git clone ${repository} ${pin.release}`,
      local: clonesLocally(),
      into: (folder) => cloneFromGit(repository, pin, site, folder),
    },
    { name: `npm package ${pin.npm.package} ${pin.npm.version}`, local: false, into: (folder) => cloneFromNpm(pin, site, folder) },
  ];
  const origins = known.filter(({ local }) => local || !site.offline);
  const problems: string[] = [];
  for (const origin of origins) {
    rmSync(part, { recursive: true, force: true });
    try {
      await origin.into(part);
      verify(vendored, part);
      site.on({ type: 'note', sentence: `llama.cpp ${pin.release} comes from: ${origin.name}; its digest is the pinned one.` });
      return;
    } catch (thrown) {
      if (thrown instanceof Stopped || !(thrown instanceof Failure)) throw thrown;
      problems.push(`${origin.name}: ${messageOf(thrown)}`);
      site.on({ type: 'tried', source: origin.name, problem: messageOf(thrown) });
    }
  }
  throw new Failure(noSource(pin.release, problems));
}

function verify({ pin }: Vendored, folder: string): void {
  const digest = digestSource(folder, pin.source.covers);
  if (digest === pin.source.sha256) return;
  throw new Failure(`its files have the digest ${digest}, but the pin says ${pin.source.sha256}; nothing of it is used`);
}

/** The one message of a machine without any network, with the three ways out. */
export function noSource(release: string, problems: string[]): string {
  return [
    `llama.cpp ${release} could not be obtained:`,
    ...problems.map((problem) => `  ${problem}`),
    'Three ways out:',
    '  1. name an existing build or checkout: QPIPE_LLAMA_CPP=/path/to/llama.cpp (or --llama-cpp)',
    `  2. name a repository that can be reached, a local clone or bundle too: QPIPE_LLAMA_CPP_GIT=/path/or/url (it needs the tag ${release})`,
    '  3. let npm reach a registry: npm config set registry URL, or set HTTPS_PROXY',
  ].join('\n');
}

async function applyPatches({ patches }: Vendored, folder: string): Promise<void> {
  for (const patch of patches) {
    const { code, stderr } = await capture('git', ['apply', patch.path], { cwd: folder, environment: 'user' });
    if (code !== 0) throw new Failure(`the patch ${patch.path} does not apply to llama.cpp: ${stderr.trim()}`);
  }
}
