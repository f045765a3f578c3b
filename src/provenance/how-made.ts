import { basename } from 'node:path';
import { runIds } from '../run/past-run.ts';
import type { Store } from '../store/store.ts';
import type { Manifest, ManifestStep } from './manifest.ts';
import { manifestOfRun, type ReadManifest } from './read-manifest.ts';

/** What made a file, as a manifest has it. */
export interface HowMade {
  /** Producers first; the last one made the file. */
  steps: ManifestStep[];
  /** Name of the last step's output. */
  output: string;
  /** Of the file as it was made. */
  sha256: string;
  run: string;
  /** Files from outside by the names that people gave them. */
  sources: Manifest['sources'];
}

export interface Wanted {
  /** As it was named; of a split file one of its parts. */
  file: string;
  parts: string[];
  /** Of a split file, that of the file which it was cut from. */
  sha256: string;
  /** Its own `qpipe.*` keys. */
  says: Record<string, string>;
}

/** By its bytes; else by its name in the manifest beside it; else by what it says of itself. Null when nothing here knows it. */
export function howMade(wanted: Wanted, store: Store, beside: ReadManifest | null): HowMade | null {
  const all = [...(beside ? [beside] : []), ...runIds(store).flatMap((run) => manifestOfRun(store, run) ?? [])];
  const entries = all.flatMap(({ manifest }) => manifest.files.map((file) => ({ file, manifest })));
  const isOfName = ({ name }: { name: string }) => name === basename(wanted.file);
  const found =
    entries.find(({ file }) => file.sha256 === wanted.sha256) ??
    entries.find(({ file, manifest }) => manifest === beside?.manifest && isOfName(file)) ??
    entries.find(({ file }) => saysTheSame(file.says, wanted.says));
  if (!found) return null;
  const { file, manifest } = found;
  const steps = chainTo(file.step, manifest.steps);
  const output = steps.at(-1)?.outputs.find(({ sha256 }) => sha256 === file.sha256);
  if (!output) return null;
  return { steps, output: output.name, sha256: file.sha256, run: manifest.run.id, sources: manifest.sources };
}

function saysTheSame(known: Record<string, string>, says: Record<string, string>): boolean {
  const keys = Object.keys(known);
  return keys.length > 0 && keys.length === Object.keys(says).length && keys.every((key) => known[key] === says[key]);
}

/** A step and all that it needs, in the manifest's order, which has producers first. */
function chainTo(task: string, steps: ManifestStep[]): ManifestStep[] {
  const wanted = new Set([task]);
  for (const step of steps.toReversed()) {
    if (!wanted.has(step.task)) continue;
    for (const input of Object.values(step.inputs).flat()) if ('from' in input) wanted.add(input.from.task);
  }
  const chain = steps.filter((step) => wanted.has(step.task) && step.task !== task);
  return [...chain, ...steps.filter((step) => step.task === task)];
}
