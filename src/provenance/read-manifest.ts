import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../errors.ts';
import { canonicalJson } from '../plan/canonical.ts';
import type { Store } from '../store/store.ts';
import { type Manifest, manifestSchema } from './manifest.ts';

export interface ReadManifest {
  path: string;
  manifest: Manifest;
  /** Of the file's bytes. */
  sha256: string;
  /** Whether it is in the one form in which manifests are written. */
  isCanonical: boolean;
}

/** Throws a UserError that says what is wrong with the file. */
export function readManifest(path: string): ReadManifest {
  const text = readFileSync(path, 'utf8');
  const json = parsed(text, path);
  const version = typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined;
  if (typeof version === 'number' && version !== 1)
    throw new UserError(`${path} has version ${version}, and this qpipe reads version 1: use the qpipe that wrote it`);
  const manifest = manifestSchema.safeParse(json);
  if (!manifest.success) throw new UserError(`${path} is no manifest of a qpipe build: ${whatIsWrong(manifest.error)}`);
  const sha256 = createHash('sha256').update(text).digest('hex');
  // What a newer qpipe adds is part of the form: compared before anything is left out.
  return { path, manifest: manifest.data, sha256, isCanonical: text === `${canonical(json, path)}\n` };
}

/** The manifest that lies beside a file; null where there is none, or none that can be read. */
export function manifestBeside(file: string): ReadManifest | null {
  return readOrNull(join(dirname(file), 'manifest.json'));
}

/** The manifest of a run that this store knows; null where there is none, or none that can be read. */
export function manifestOfRun(store: Store, run: string): ReadManifest | null {
  return basename(run) === run ? readOrNull(store.path('runs', run, 'manifest.json')) : null;
}

function readOrNull(path: string): ReadManifest | null {
  try {
    return existsSync(path) && statSync(path).isFile() ? readManifest(path) : null;
  } catch (thrown) {
    if (thrown instanceof UserError) return null;
    throw thrown;
  }
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UserError(`${path} is not JSON: it was cut off or edited; \`qpipe run\` writes it anew`);
  }
}

/** JSON may hold numbers beyond all limits, and lists in lists without end. */
function canonical(json: unknown, path: string): string {
  try {
    return canonicalJson(json);
  } catch {
    throw new UserError(`${path} is no manifest of a qpipe build: a number in it is too large, or it is nested too deeply`);
  }
}

function whatIsWrong({ issues: [issue] }: { issues: { path: PropertyKey[]; message: string }[] }): string {
  return issue ? `${issue.path.map(String).join('.') || 'the whole of it'}: ${issue.message}` : 'it has another form';
}
