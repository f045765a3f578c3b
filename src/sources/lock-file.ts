import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { writeWhole } from '../store/store.ts';

const lockSchema = z.object({
  version: z.literal(1),
  sources: z.record(z.string(), z.object({ commit: z.string().regex(/^[0-9a-f]{40}$/) })),
});

/** The commits behind a pipeline's sources, by `models/owner/name@revision`. */
export type Commits = Record<string, string>;

/** `llama2-7b.yaml` has its commits in `llama2-7b.lock.json` beside it; an implied pipeline has them nowhere. */
export function lockFileOf(pipelineFile: string | null): string | null {
  if (pipelineFile === null) return null;
  return join(dirname(pipelineFile), `${basename(pipelineFile, extname(pipelineFile))}.lock.json`);
}

/** Empty where there is none. One that cannot be read is written anew by the next run; who keeps to it is refused with a UserError. */
export function readCommits(file: string | null, { keep }: { keep: boolean }): Commits {
  if (file === null || !existsSync(file)) return {};
  const lock = lockSchema.safeParse(parsed(file));
  if (!lock.success && keep)
    throw new UserError(`--locked: ${file} is no lock file of qpipe; run once without --locked, and it is written anew`);
  if (!lock.success) return {};
  return Object.fromEntries(Object.entries(lock.data.sources).map(([source, { commit }]) => [source, commit]));
}

/** Only when something has changed: a file in version control stays as it is. Returns why it could not be written, or null. */
export function writeCommits(file: string | null, commits: Commits): string | null {
  if (file === null || Object.keys(commits).length === 0) return null;
  const sources = Object.fromEntries(
    Object.entries(commits)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([source, commit]) => [source, { commit }]),
  );
  const text = `${JSON.stringify({ version: 1, sources }, null, 2)}\n`;
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return null;
  try {
    writeWhole(file, text);
    return null;
  } catch (thrown) {
    // A pipeline may lie where nobody can write, such as in an installed package.
    return `${file} cannot be written (${(thrown as NodeJS.ErrnoException).code ?? 'unknown reason'}): the commits stand in the results only`;
  }
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}
