import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { keyOf } from '../plan/key.ts';
import { sha256File } from '../store/digest.ts';
import type { Store } from '../store/store.ts';
import { lockProblems } from './lock-beside.ts';
import type { Manifest, ManifestStep } from './manifest.ts';
import { manifestOfRun, type ReadManifest } from './read-manifest.ts';

export interface ManifestVerdict {
  file: string;
  verdict: 'holds' | 'does-not-hold';
  /** One sentence for each thing that is wrong. */
  problems: string[];
  files: { name: string; state: 'as-it-says' | 'not-here' | 'another' }[];
  /** The builds before it, the newest first. */
  chain: { run: string; state: 'as-named' | 'another' | 'not-here' }[];
  /** Whether the chain was followed to the first build of all. */
  toTheFirst: boolean;
}

/** A manifest by itself, its files where they lie beside it, and the builds before it as far as their manifests are here. */
export async function verifyManifest(read: ReadManifest, store: Store, options: Reading = {}): Promise<ManifestVerdict> {
  const { manifest, path } = read;
  const files = await filesBeside(path, manifest, options);
  const { chain, toTheFirst } = chainOf(manifest, store);
  const problems = [
    ...(read.isCanonical ? [] : ['it is not in the one form in which manifests are written: it was edited']),
    ...inside(manifest),
    ...lockProblems(path, manifest),
    ...files.flatMap(({ name, state }) => (state === 'another' ? [`${name} beside it has other bytes than it says`] : [])),
    ...chain.flatMap(({ run, state }) =>
      state === 'another' ? [`the manifest of run ${run} has other bytes than the build after it says`] : [],
    ),
  ];
  return { file: path, verdict: problems.length === 0 ? 'holds' : 'does-not-hold', problems, files, chain, toTheFirst };
}

interface Reading {
  signal?: AbortSignal;
  onRead?: (path: string, bytes: number) => void;
}

async function filesBeside(path: string, { files }: Manifest, { signal, onRead }: Reading): Promise<ManifestVerdict['files']> {
  const found: ManifestVerdict['files'] = [];
  for (const { name, sha256 } of files) {
    const file = join(dirname(path), name);
    const isThere = basename(name) === name && existsSync(file) && statSync(file).isFile();
    const bytes = isThere
      ? await sha256File(file, { ...(signal ? { signal } : {}), ...(onRead ? { onRead: (read) => onRead(file, read) } : {}) })
      : null;
    found.push({ name, state: bytes === null ? 'not-here' : bytes === sha256 ? 'as-it-says' : 'another' });
  }
  return found;
}

/** What can be computed again from the manifest alone: its steps, and that its files are what they made. */
function inside({ steps, files }: Manifest): string[] {
  const strangers = files.filter(({ step, sha256 }) => !steps.some((one) => one.task === step && outputsOf(one).includes(sha256)));
  return [...stepProblems(steps), ...strangers.map(({ name, step }) => `${name} is not what ${step} made`)];
}

/** Each step's key is that of what it says, and it is made of what steps before it made. */
export function stepProblems(steps: ManifestStep[]): string[] {
  const madeBy = new Map<string, Map<string, string>>();
  return steps.flatMap((step) => {
    const froms = Object.values(step.inputs).flatMap((list) => list.flatMap((input) => ('from' in input ? [input.from] : [])));
    const stray = froms.find(({ task, output }) => !madeBy.get(task)?.has(output));
    const isKey = step.key === keyOfStep(step, madeBy);
    madeBy.set(step.task, new Map(step.outputs.map(({ name, sha256 }) => [name, sha256])));
    if (stray) return [`${step.task} is made of ${stray.output} of ${stray.task}, which no step before it made`];
    return isKey ? [] : [`the key of ${step.task} is not that of what it says it was made from`];
  });
}

function outputsOf({ outputs }: ManifestStep): string[] {
  return outputs.map(({ sha256 }) => sha256);
}

function keyOfStep({ op, opVersion, params, inputs, identity }: ManifestStep, madeBy: Map<string, Map<string, string>>): string {
  const digests = Object.entries(inputs).map(([role, list]) => [
    role,
    list.map((input) => ({
      name: input.name,
      sha256: 'from' in input ? (madeBy.get(input.from.task)?.get(input.from.output) ?? '') : input.sha256,
    })),
  ]);
  return keyOf({ op: op as Parameters<typeof keyOf>[0]['op'], opVersion, params, inputs: Object.fromEntries(digests), identity });
}

/** Each manifest names the one before it by its bytes, so that none of them can be changed without all that follow. */
function chainOf({ previous }: Manifest, store: Store): Pick<ManifestVerdict, 'chain' | 'toTheFirst'> {
  const chain: ManifestVerdict['chain'] = [];
  const seen = new Set<string>();
  let next = previous;
  while (next && !seen.has(next.run)) {
    seen.add(next.run);
    const read = manifestOfRun(store, next.run);
    chain.push({ run: next.run, state: !read ? 'not-here' : read.sha256 === next.sha256 ? 'as-named' : 'another' });
    if (!read) return { chain, toTheFirst: false };
    next = read.manifest.previous;
  }
  return { chain, toTheFirst: next === null };
}
