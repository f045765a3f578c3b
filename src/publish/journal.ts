import { appendFileSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { type Destination, isOfAnotherMachine } from '../pipeline/destination.ts';
import { digestOf } from '../plan/canonical.ts';
import type { Store } from '../store/store.ts';

const file = z.object({ path: z.string(), sha256: z.string(), size: z.number() });

const entry = z.object({
  at: z.string().describe('ISO 8601'),
  /** `begun` may have sent something; `published` has all in place; `back` put the build before in place again. */
  event: z.enum(['begun', 'published', 'back']),
  pipeline: z.string().optional().describe('whose build it is; absent from entries of older versions'),
  run: z.string(),
  substance: z.string(),
  files: z.array(file),
  models: z
    .array(z.string())
    .optional()
    .describe('digests of the model files, as they are and before they were split; absent from entries of older versions'),
  visibility: z.enum(['private', 'public']).optional().describe('of a repo: what the pipeline said'),
  version: z.string().optional().describe('the commit of a repo at which all of it is in place, or the folder under `builds/`'),
});

export type JournalEntry = z.infer<typeof entry>;

/**
 * What went to one destination, in `published/<destination>.ndjson` of the store: so that nothing is published twice, and that there is a way
 * back. What is really there, the destination itself tells.
 */
export class Journal {
  /** Who publishes. */
  readonly pipeline: string;
  readonly #file: string;
  readonly #destination: string;
  readonly #isShared: boolean;

  constructor(store: Store, destination: Destination, pipeline: string) {
    this.#destination = shownPlace(destination);
    this.pipeline = pipeline;
    // A program may serve any number of pipelines; a place has one newest build.
    this.#isShared = destination.kind === 'command';
    this.#file = store.path('published', `${destinationId(destination)}.ndjson`);
  }

  /** The builds that are in place or can be again, the newest last. */
  builds(): JournalEntry[] {
    const builds: JournalEntry[] = [];
    for (const one of this.entries()) {
      // Published once more, as it was mended: no build of its own to go back to.
      if (one.event === 'published' && builds.at(-1)?.run === one.run) builds.pop();
      if (one.event === 'published') builds.push(one);
      // The way back replaces the one before by what put it in place again.
      if (one.event === 'back') builds.splice(builds.at(-1)?.substance === one.substance ? -1 : -2, 2, one);
    }
    return builds;
  }

  /** Where builds of this pipeline lie, or lay. */
  versions(): Set<string> {
    const own = this.entries().filter(({ pipeline = this.pipeline }) => pipeline === this.pipeline);
    return new Set(own.flatMap(({ version }) => version ?? []));
  }

  /**
   * Whether a build was taken back, or files of it were, and nobody has published it again since. With fewer rows, in other parts or measured anew
   * it is the same; what also the build has that was put in place instead is not against it.
   */
  wasTakenBack(wanted: Pick<JournalEntry, 'substance' | 'models'>): boolean {
    let taken: Set<string>[] = [];
    let newest: JournalEntry | undefined;
    for (const one of this.entries()) {
      const marks = marksOf(one);
      if (one.event === 'back' && newest) taken.push(new Set(marksOf(newest)));
      if (one.event === 'back') for (const build of taken) for (const mark of marks) build.delete(mark);
      // With one of its files somebody wanted the build itself.
      if (one.event === 'published') taken = taken.filter((build) => !marks.some((mark) => build.has(mark)));
      newest = one;
    }
    return taken.some((build) => marksOf(wanted).some((mark) => build.has(mark)));
  }

  /** Whether something was begun after the last build was in place: what is there may be half of it. */
  wasBegunSince(): boolean {
    return this.entries().at(-1)?.event === 'begun';
  }

  /** What the pipeline said of a repo the last time that it was published to; null where that is not known. */
  visibility(): 'private' | 'public' | null {
    return this.entries().findLast(({ visibility }) => visibility !== undefined)?.visibility ?? null;
  }

  /** Another pipeline whose build is there: one would take away what the other has brought. Null where there is none. */
  otherOwner(): string | null {
    const owner = this.entries().findLast(({ pipeline }) => pipeline !== undefined)?.pipeline;
    return owner === undefined || owner === this.pipeline ? null : owner;
  }

  /** A build that was there before is in place again. */
  backTo({ run, substance, models, files }: JournalEntry, version: string): void {
    this.append({ event: 'back', run, substance, ...(models ? { models } : {}), files, version });
  }

  /** Whole and on the disk before anything else happens. */
  append(what: Omit<JournalEntry, 'at' | 'pipeline'>): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    const before = existsSync(this.#file) ? readFileSync(this.#file, 'utf8') : '';
    // A line that a crash has cut ends here, so that this one is a line of its own.
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    appendFileSync(
      this.#file,
      `${gap}${JSON.stringify({ at: new Date().toISOString(), destination: this.#destination, pipeline: this.pipeline, ...what })}\n`,
    );
    const fd = openSync(this.#file, 'r');
    fsyncSync(fd);
    closeSync(fd);
  }

  private entries(): JournalEntry[] {
    if (!existsSync(this.#file)) return [];
    const all = readFileSync(this.#file, 'utf8').split('\n').flatMap(parsed);
    return this.#isShared ? all.filter(({ pipeline = this.pipeline }) => pipeline === this.pipeline) : all;
  }
}

/** What a build is known by. */
function marksOf({ substance, models }: Pick<JournalEntry, 'substance' | 'models'>): string[] {
  return [substance, ...(models ?? [])];
}

/** How people call a destination. Of a program without its arguments: one may be a secret. */
export function shownPlace(destination: Destination): string {
  return destination.kind === 'command' ? destination.command[0] : placeOf(destination);
}

/** For names of files. */
export function destinationId(destination: Destination): string {
  return digestOf('destination', realPlaceOf(destination)).slice(0, 16);
}

/** A folder by whichever name is one place. */
function realPlaceOf(destination: Destination): string {
  const place = placeOf(destination);
  const isHere = destination.kind === 'folder' || (destination.kind === 'rsync' && !isOfAnotherMachine(place));
  return isHere ? realPath(place) : place;
}

/** Also of what is yet to be made. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return join(realPath(dirname(path)), basename(path));
  }
}

function placeOf(destination: Destination): string {
  switch (destination.kind) {
    case 'hub':
      return destination.repo;
    case 'folder':
      return destination.path;
    case 'rsync':
      return destination.to;
    case 'command':
      return destination.command.join(' ');
  }
}

/** Nothing for a torn line. */
function parsed(line: string): JournalEntry[] {
  try {
    return [entry.parse(JSON.parse(line))];
  } catch {
    return [];
  }
}
