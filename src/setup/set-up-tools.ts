import { messageOf, Stopped } from '../errors.ts';
import { makeEnvironment } from './converter-environment.ts';
import { takeForeign } from './foreign-build.ts';
import { makeBuild } from './make-build.ts';
import { binariesIn, resolveNamedPath } from './named-path.ts';
import { refuseDownloadsForBuild } from './offline.ts';
import { readVendored, type Vendored } from './pin.ts';
import { probe } from './probe.ts';
import { readyEnvironment } from './ready-environment.ts';
import type { Site } from './site.ts';
import { ensureSource } from './source.ts';
import { digestSource } from './source-digest.ts';
import { places, testedBuild } from './tested-build.ts';
import { isPinned } from './version.ts';
import { namedPython, type Wanted } from './wanted.ts';

/** Makes what is missing and leaves alone what is there, so an interrupted set-up goes on where it was. Call it under the set-up's lock. */
export async function setUpTools(wanted: Wanted, site: Site): Promise<void> {
  const vendored = readVendored();
  const python = namedPython(wanted, process.env);
  if ((await testedBuild(vendored, site.folders, wanted)) === null) await obtainBuild(vendored, wanted, python, site);
  if (!wanted.needConverter) return;
  const found = await testedBuild(vendored, site.folders, wanted);
  if ((found?.checkout ?? null) === null) await ensureSource(vendored, site);
  if (readyEnvironment(site.folders.python, vendored, python) === null) await makeEnvironment(vendored, python, site);
}

async function obtainBuild(vendored: Vendored, wanted: Wanted, python: string | null, site: Site): Promise<void> {
  for (const place of places(wanted)) {
    if (place.origin === 'path' && (await takeFromPath(place.path, vendored, site))) return;
    if (place.origin === 'named' || place.origin === 'environment') return obtainNamed(place.path, vendored, wanted, python, site);
  }
  if (site.offline) await refuseDownloadsForBuild(vendored, site.folders);
  const checkout = await ensureSource(vendored, site);
  await makeBuild(vendored, { checkout, digest: null, cmake: wanted.cmake, python }, site);
}

async function obtainNamed(path: string, vendored: Vendored, wanted: Wanted, python: string | null, site: Site): Promise<void> {
  const named = resolveNamedPath(path);
  if (named.kind === 'binaries') {
    await takeForeign(named.binaries, site);
  } else {
    const digest = digestSource(named.folder, vendored.pin.source.covers);
    await makeBuild(vendored, { checkout: named.folder, digest, cmake: wanted.cmake, python }, site);
  }
}

/** A build on PATH is taken when it is the pinned release and works; nobody named it, so whatever is wrong with it is only told. */
async function takeFromPath(folder: string, { pin }: Vendored, site: Site): Promise<boolean> {
  try {
    const binaries = binariesIn(folder);
    const { version } = await probe(binaries);
    if (isPinned(version, pin)) {
      await takeForeign(binaries, site);
      return true;
    }
    site.on({ type: 'tried', source: `llama.cpp on PATH (${folder})`, problem: `it is ${version}, not the pinned ${pin.release}` });
  } catch (thrown) {
    if (thrown instanceof Stopped) throw thrown;
    site.on({ type: 'tried', source: `llama.cpp on PATH (${folder})`, problem: messageOf(thrown) });
  }
  return false;
}
