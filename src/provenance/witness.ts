import { existsSync } from 'node:fs';
import { runIds } from '../run/past-run.ts';
import type { Store } from '../store/store.ts';
import { saidBy } from './make-manifest.ts';
import type { Manifest } from './manifest.ts';
import { manifestOfRun, type ReadManifest } from './read-manifest.ts';

/** What somebody else knows of a file: a record of the store, or a manifest. */
export interface Witness {
  /** Under which it was published; null where only the store's record is left. */
  name: string | null;
  sha256: string;
  says: Record<string, string>;
  /** For people: `the record of quantize:Q4_K_M`. */
  where: string;
  /** The file itself, when its bytes are in the store. */
  object: string | null;
}

/** Everything that this store and these manifests know of GGUFs. @param manifests those beside the file, or named */
export function witnessesOf(store: Store, manifests: ReadManifest[]): Witness[] {
  const ofRuns = runIds(store).flatMap((run) => manifestOfRun(store, run) ?? []);
  return [...manifests.flatMap((read) => ofManifest(read, store)), ...ofStore(store), ...ofRuns.flatMap((read) => ofManifest(read, store))];
}

/** What people call a manifest. */
export function manifestInWords({ run }: Pick<Manifest, 'run'>): string {
  return `the manifest of run ${run.id}`;
}

function ofManifest({ manifest }: ReadManifest, store: Store): Witness[] {
  const where = manifestInWords(manifest);
  return manifest.files.map(({ name, sha256, says }) => ({ name, sha256, says, where, object: objectOf(sha256, store) }));
}

function ofStore(store: Store): Witness[] {
  return store.records().flatMap((record) =>
    record.outputs
      .filter(({ name }) => name.endsWith('.gguf') && record.preimage.op !== 'imatrix')
      .map(({ sha256 }) => ({
        name: null,
        sha256,
        says: saidBy(record),
        where: `the record of ${record.task}`,
        object: objectOf(sha256, store),
      })),
  );
}

function objectOf(sha256: string, store: Store): string | null {
  const path = store.objectPath(sha256);
  return existsSync(path) ? path : null;
}
