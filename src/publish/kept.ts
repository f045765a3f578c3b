import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { Failure } from '../errors.ts';
import type { Destination } from '../pipeline/destination.ts';
import type { Pipeline } from '../pipeline/pipeline.ts';
import type { Flat } from '../pipeline/tree.ts';
import type { Facts } from '../plan/facts.ts';
import { isLicence } from '../plan/licence.ts';
import { type Store, writeWhole } from '../store/store.ts';
import { holdsVariable } from './pipeline/fill-in.ts';
import { runnable } from './pipeline/runnable.ts';
import type { ArgumentPlaces } from './private-arguments.ts';

const text = z.object({ name: z.string(), text: z.string() });

const keptSchema = z.object({
  version: z.literal(1),
  destinations: z.array(z.unknown()),
  pipeline: z.string().nullable().describe('its file, as others can run it'),
  texts: z.array(z.object({ path: z.string(), file: z.string(), sha256: z.string() })).describe('of this machine, which it measures with'),
  filledArguments: z.record(z.string(), z.array(z.number())).optional().describe('places of arguments for tools that hold a variable'),
  lock: z.string().nullable().describe('the text of the lock file beside it'),
  licences: z.array(text),
  baseCard: z.string().nullable().describe('README.md of the model that was converted'),
  hasAdapter: z.boolean().describe('a LoRA was merged into the model'),
  programs: z.string().describe('folder of the programs that were used'),
});

/** What publishing needs of a run beside its results: the pipeline and the base model's own words may be others tomorrow. */
export type KeptRun = Omit<z.infer<typeof keptSchema>, 'destinations'> & { destinations: Destination[] };

/** Above this, a card or a licence is something else. */
const largestText = 2 << 20;

export interface Gathering {
  /** Of the pipeline's file, when it was read; null where nobody can read it. */
  words: Flat | null;
  /** Null where there is none. */
  lockFile: string | null;
}

/** As all of it is when a run begins: while it works for hours, people go on writing, and what they write then was never measured. */
export function gatherForPublishing(pipeline: Pipeline, facts: Facts, { words, lockFile }: Gathering): KeptRun {
  const forPeople = pipeline.model.kind === 'folder' ? facts.model.files.filter(({ size }) => size <= largestText) : [];
  const card = forPeople.find(({ name }) => name === 'README.md');
  const shown = pipeline.publish.length > 0 && words ? runnable(pipeline.name, words, digestsOf(facts)) : null;
  return {
    version: 1,
    destinations: pipeline.publish,
    pipeline: shown?.yaml ?? null,
    texts: shown?.texts ?? [],
    filledArguments: words ? filledArguments(words) : {},
    lock: textOf(lockFile),
    licences: forPeople.filter(({ name }) => isLicence(name)).flatMap(({ name, path }) => textsAt(name, path)),
    baseCard: card ? textOf(card.path) : null,
    hasAdapter: pipeline.model.adapter !== null,
    programs: dirname(facts.tools.binaries.quantize),
  };
}

/** Keeps it beside the results, and hands back what is kept now. */
export function keepForPublishing(store: Store, run: string, kept: KeptRun): KeptRun {
  // A run that is this one once more, as nothing has changed: what was kept of it stays.
  const whole = sameWords(keptBefore(store, run), kept);
  writeWhole(keptFile(store, run), `${JSON.stringify(whole, null, 2)}\n`);
  return whole;
}

/** What a variable was filled in for is told to nobody. */
function filledArguments({ value }: Flat): ArgumentPlaces {
  const { tools } = value as { tools?: { args?: Record<string, unknown> } | null };
  const places = (list: unknown) => (Array.isArray(list) ? list.flatMap((one, i) => (holdsVariable(String(one)) ? [i] : [])) : []);
  return Object.fromEntries(Object.entries(tools?.args ?? {}).map(([tool, list]) => [tool, places(list)]));
}

/** Of what is measured with. */
function digestsOf({ calibration, evaluations, choices, promptsFile }: Facts): Map<string, string> {
  return new Map(
    [calibration, ...evaluations, ...choices, promptsFile].flatMap((file) => (file ? [[file.path, file.sha256] as const] : [])),
  );
}

/**
 * What is published of a build that stands while later runs find nothing new. Where the pipeline says what it said then, that is the build's own:
 * a commit of the base that changed no weights is no reason to publish. Where it is to go, and with which programs, is as of now.
 */
export function sameWords(then: KeptRun | null, now: KeptRun): KeptRun {
  if (then === null || wordsOf(then) !== wordsOf(now)) return now;
  return { ...then, destinations: now.destinations, programs: now.programs };
}

/** Throws Failure for a run of a version that kept nothing. */
export function readKept(store: Store, run: string): KeptRun {
  const file = keptFile(store, run);
  try {
    return keptSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) as unknown as KeptRun;
  } catch {
    throw new Failure(`of run ${run} nothing is kept to publish it by (${file}): run its pipeline again, which makes nothing twice`);
  }
}

/** Prompts have no digest in a pipeline, and so texts count by themselves. */
function wordsOf({ pipeline, texts }: KeptRun): string {
  return JSON.stringify([pipeline, texts]);
}

/** Null also for what nobody can read any more: it is written anew. */
function keptBefore(store: Store, run: string): KeptRun | null {
  try {
    return readKept(store, run);
  } catch {
    return null;
  }
}

function keptFile(store: Store, run: string): string {
  return store.path('runs', run, 'publish.json');
}

function textsAt(name: string, path: string): z.infer<typeof text>[] {
  const found = textOf(path);
  return found === null ? [] : [{ name, text: found }];
}

function textOf(file: string | null): string | null {
  return file !== null && existsSync(file) ? readFileSync(file, 'utf8') : null;
}
