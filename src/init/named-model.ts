import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../errors.ts';
import { asFileName, repoOfSnapshot } from '../facts/model-name.ts';
import { hubName } from '../pipeline/hub-name.ts';

/** What a person named on the command line. Paths are absolute. */
export type NamedModel =
  | { kind: 'repo'; repo: string; revision: string | null; file: string | null }
  | { kind: 'folder'; path: string }
  | { kind: 'gguf'; path: string };

/** What is here comes before the Hub: `models/tiny` may be both. Throws UserError when it is neither. */
export function namedModel(written: string): NamedModel {
  if (existsSync(written)) return here(resolve(written));
  const hub = hubName(written);
  if (hub) return { kind: 'repo', repo: hub.repo, revision: hub.revision ?? null, file: hub.rest ?? null };
  throw new UserError(
    `${written} does not exist here, and a repo of the Hub is written owner/name, owner/name@revision or owner/name:Q8_0`,
  );
}

/** What its pipeline is called, and the pipeline's file. */
export function nameOf(model: NamedModel): string {
  const name = model.kind === 'repo' ? basename(model.repo) : (repoOfSnapshot(model.path) ?? basename(model.path));
  return asFileName(name.replace(/(-\d{5}-of-\d{5})?\.gguf$/, '').toLowerCase());
}

function here(path: string): NamedModel {
  if (!statSync(path).isDirectory()) {
    if (path.endsWith('.gguf')) return { kind: 'gguf', path };
    throw new UserError(`${path} is neither a folder with weights nor a .gguf file`);
  }
  const names = readdirSync(path);
  const gguf = names.find((name) => name.endsWith('.gguf'));
  if (gguf && !names.includes('config.json'))
    throw new UserError(`${path} holds GGUFs and no weights to convert: say which one, such as ${join(path, gguf)}`);
  return { kind: 'folder', path };
}
