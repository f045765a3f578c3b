import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Interpreter } from './interpreter.ts';
import { readJson } from './json-file.ts';
import { sha256, type Vendored } from './pin.ts';

/** A Python environment with what the converter imports, as its record tells. */
export interface Environment {
  /** The environment's own interpreter. */
  python: string;
  /** The interpreter that the user named for it; null when it was found on PATH. */
  named: string | null;
  pythonVersion: string;
  /** sha256 of the requirements file it was made from. */
  requirements: string;
  torch: string;
  packages: Record<string, string>;
}

export function environmentFolder(pythonFolder: string, { pin, requirements }: Vendored, interpreter: Interpreter): string {
  const id = sha256(
    [interpreter.path, interpreter.version, process.platform, process.arch, requirements.sha256, pin.python.torch].join('\n'),
  );
  return join(pythonFolder, `python-${interpreter.version}-${id.slice(0, 12)}`);
}

/** Written last: an environment without it is not whole. */
export function environmentRecordPath(folder: string): string {
  return join(folder, 'ready.json');
}

/** A finished environment for these requirements, made by the named interpreter if one is named. Its own interpreter is a link that may have lost its end. */
export function readyEnvironment(pythonFolder: string, { pin, requirements }: Vendored, named: string | null): Environment | null {
  if (!existsSync(pythonFolder)) return null;
  const records = readdirSync(pythonFolder).map((name) => readJson<Environment>(environmentRecordPath(join(pythonFolder, name))));
  const fits = (record: Environment | null) =>
    record !== null &&
    record.requirements === requirements.sha256 &&
    record.torch === pin.python.torch &&
    (named === null || record.named === named) &&
    existsSync(record.python);
  return records.find(fits) ?? null;
}
