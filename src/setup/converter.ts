import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Converter } from '../tools/llama-cpp.ts';
import { mergeScripts } from '../tools/merge.ts';
import { sha256, type Vendored } from './pin.ts';
import { type Environment, readyEnvironment } from './ready-environment.ts';
import type { CacheFolders } from './site.ts';
import { sourceFolder } from './source.ts';
import { digestSource } from './source-digest.ts';

export type ConverterLook = { converter: Converter; missing: [] } | { converter: null; missing: string[] };

/** The converter of the checkout that goes with the tools, else of the pinned source, with its environment. */
export function lookForConverter(vendored: Vendored, folders: CacheFolders, python: string | null, checkout: string | null): ConverterLook {
  const folder = checkout ?? sourceFolder(vendored, folders);
  const environment = readyEnvironment(folders.python, vendored, python);
  if (!existsSync(folder) || environment === null) {
    const source = existsSync(folder) ? [] : [`the source of llama.cpp ${vendored.pin.release} with its converter`];
    return { converter: null, missing: [...source, ...(environment === null ? ["the converter's Python environment"] : [])] };
  }
  return {
    converter: describeConverter(folder, checkout === null ? vendored.pin.release : 'the converter of the named checkout', environment),
    missing: [],
  };
}

const converterFiles = ['convert_hf_to_gguf.py', 'conversion', 'gguf-py/gguf'];

/** Packages that no conversion imports: another version of them converts nothing anew. */
const forMerging = ['accelerate', 'peft', 'psutil'];

function describeConverter(folder: string, origin: string, { python, pythonVersion, packages }: Environment): Converter {
  const versions = Object.entries(packages).sort();
  return {
    python,
    script: join(folder, 'convert_hf_to_gguf.py'),
    id: sha256(JSON.stringify([digestSource(folder, converterFiles), ...versions.filter(([name]) => !forMerging.includes(name))])),
    merger: sha256(JSON.stringify([pythonVersion, ...mergeScripts.map((script) => sha256(readFileSync(script, 'utf8'))), ...versions])),
    description: `${origin}, Python ${pythonVersion}, torch ${packages['torch']}, transformers ${packages['transformers']}`,
  };
}
