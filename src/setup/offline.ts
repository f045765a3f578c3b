import { existsSync } from 'node:fs';
import { Failure } from '../errors.ts';
import { resolveNamedPath } from './named-path.ts';
import { readVendored, type Vendored } from './pin.ts';
import { missingPrograms } from './programs.ts';
import { readyEnvironment } from './ready-environment.ts';
import type { CacheFolders } from './site.ts';
import { clonesLocally, sourceFolder } from './source.ts';
import { places, testedBuild } from './tested-build.ts';
import { namedPython, type Wanted } from './wanted.ts';

/** Refuses before anything is begun when a part of what is wanted can only be downloaded. */
export async function refuseDownloads(wanted: Wanted, folders: CacheFolders): Promise<void> {
  const missing = await downloadsFor(wanted, readVendored(), folders);
  if (missing.length > 0) throw new Failure(nothingIsDownloaded(missing, folders));
}

/** The same for a build of our own, when a build on PATH turned out not to serve. */
export async function refuseDownloadsForBuild(vendored: Vendored, folders: CacheFolders): Promise<void> {
  const missing = await forOwnBuild(vendored, folders);
  if (missing.length > 0) throw new Failure(nothingIsDownloaded(missing, folders));
}

/** What would have to be downloaded; empty when the rest can be made from what is here. */
async function downloadsFor(wanted: Wanted, vendored: Vendored, folders: CacheFolders): Promise<string[]> {
  const build = await testedBuild(vendored, folders, wanted);
  const missing = build === null ? await forBuild(wanted, vendored, folders) : [];
  if (!wanted.needConverter) return missing;
  const checkout = build === null ? namedCheckout(wanted) : build.checkout;
  const source = checkout === null ? forSource(vendored, folders) : [];
  return [...new Set([...missing, ...source, ...forEnvironment(wanted, vendored, folders)])];
}

/** A build on PATH has to be asked what it is; until then it is taken for the pinned release. */
async function forBuild(wanted: Wanted, vendored: Vendored, folders: CacheFolders): Promise<string[]> {
  const place = places(wanted).find(({ origin }) => origin !== 'cache');
  if (place === undefined) return await forOwnBuild(vendored, folders);
  if (place.origin === 'path' || namedPlace(wanted)?.kind === 'binaries') return [];
  return await missingPrograms(vendored.pin, folders);
}

async function forOwnBuild(vendored: Vendored, folders: CacheFolders): Promise<string[]> {
  return [...forSource(vendored, folders), ...(await missingPrograms(vendored.pin, folders))];
}

function forSource(vendored: Vendored, folders: CacheFolders): string[] {
  return existsSync(sourceFolder(vendored, folders)) || clonesLocally() ? [] : [`the source of llama.cpp ${vendored.pin.release}`];
}

function forEnvironment(wanted: Wanted, vendored: Vendored, folders: CacheFolders): string[] {
  const ready = readyEnvironment(folders.python, vendored, namedPython(wanted, process.env));
  return ready === null ? [`the converter's Python packages (torch ${vendored.pin.python.torch} and others)`] : [];
}

function namedPlace(wanted: Wanted) {
  const place = places(wanted).find(({ origin }) => origin === 'named' || origin === 'environment');
  return place !== undefined && 'path' in place ? resolveNamedPath(place.path) : null;
}

function namedCheckout(wanted: Wanted): string | null {
  const named = namedPlace(wanted);
  if (named === null) return null;
  return named.kind === 'checkout' ? named.folder : named.checkout;
}

function nothingIsDownloaded(missing: string[], { root }: CacheFolders): string {
  return [
    'this is missing, and --offline (or QPIPE_OFFLINE, HF_HUB_OFFLINE) allows no download:',
    ...missing.map((what) => `  ${what}`),
    'Run `qpipe setup` where there is a network, here or on a machine of the same kind; from there copy its cache folder',
    `with \`cp -a\` to the same place: ${root}`,
  ].join('\n');
}
