import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import { splitSiblings } from '../../gguf/split.ts';
import { manifestBeside, type ReadManifest, readManifest } from '../../provenance/read-manifest.ts';
import { type FileVerdict, verifyFile } from '../../provenance/verify-file.ts';
import { type ManifestVerdict, verifyManifest } from '../../provenance/verify-manifest.ts';
import { verifyStore } from '../../provenance/verify-store.ts';
import { witnessesOf } from '../../provenance/witness.ts';
import { Store } from '../../store/store.ts';
import { outFolder } from '../prepare.ts';
import { stopOnSignals } from '../signals.ts';
import { hashingLine } from '../views/hashing-line.ts';
import { type Verdicts, verdictsAsJson, verdictsInWords } from '../views/verify-words.ts';

export interface VerifyArguments {
  files: string[];
  store: boolean;
  manifest: string | undefined;
  json: boolean;
  out: string | undefined;
}

/** Files, manifests and the store, each held against its digests. Exit code 1 when one of them is not what it says, or nobody knows. */
export async function verify(args: VerifyArguments): Promise<number> {
  refuseMistakes(args);
  const store = Store.open(join(outFolder(args.out), 'store'), { readOnly: true });
  const interruption = stopOnSignals();
  const line = hashingLine(process.stderr);
  try {
    const verdicts = await verdictsOf(args, store, interruption.signal, (path, done, total) =>
      line.show({ type: 'hash', path, done, total }),
    );
    line.clear();
    process.stdout.write(args.json ? verdictsAsJson(verdicts) : verdictsInWords(verdicts));
    return isWell(verdicts) ? 0 : 1;
  } catch (thrown) {
    throw interruption.signal.aborted ? interruption.stopped() : thrown;
  } finally {
    line.clear();
    interruption.end();
  }
}

function refuseMistakes({ files, store, manifest }: VerifyArguments): void {
  if (files.length === 0 && manifest === undefined && !store) throw new UserError('name a GGUF or a manifest.json, or say --store');
  const named = [...files, ...(manifest === undefined ? [] : [manifest])];
  // A part of a split file that is missing is a finding; a name that is none is a mistake.
  const absent = named.find((file) => !splitSiblings(file).some(existsSync));
  if (absent !== undefined) throw new UserError(`${absent} is not there`);
  const folder = named.find((file) => statSync(file, { throwIfNoEntry: false })?.isDirectory());
  if (folder !== undefined) throw new UserError(`${folder} is a folder: name the files in it`);
}

type Progress = (path: string, done: number, total: number) => void;

async function verdictsOf(
  { files, store: all, manifest }: VerifyArguments,
  store: Store,
  signal: AbortSignal,
  onProgress: Progress,
): Promise<Verdicts> {
  const named = manifest === undefined ? null : readManifest(resolve(manifest));
  const manifests: ManifestVerdict[] = [];
  const onRead = (path: string) => (bytes: number) => onProgress(path, bytes, statSync(path).size);
  // By itself it is what is to be checked; beside files it is what they are held to.
  const toCheck = [...files.filter(isManifest), ...(files.length === 0 && manifest !== undefined ? [manifest] : [])];
  for (const file of toCheck) {
    manifests.push(await verifyManifest(readManifest(resolve(file)), store, { signal, onRead: (path, bytes) => onRead(path)(bytes) }));
  }
  const made: FileVerdict[] = [];
  for (const file of files.filter((one) => !isManifest(one))) {
    const beside = named ?? manifestBeside(resolve(file));
    const witnesses = witnessesOf(store, known(beside));
    made.push(await verifyFile(file, { witnesses, beside, signal, onRead: onRead(file) }));
  }
  const whole = all ? await verifyStore(store, { signal, onProgress: (done, total) => onProgress('the store', done, total) }) : null;
  return { files: made, manifests, store: whole };
}

function known(manifest: ReadManifest | null): ReadManifest[] {
  return manifest ? [manifest] : [];
}

function isManifest(file: string): boolean {
  return file.endsWith('.json');
}

function isWell({ files, manifests, store }: Verdicts): boolean {
  return (
    files.every(({ verdict }) => verdict === 'is-what-it-says' || verdict === 'says-nothing') &&
    manifests.every(({ verdict }) => verdict === 'holds') &&
    (store === null || store.problems.length === 0)
  );
}
