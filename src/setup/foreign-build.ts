import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../errors.ts';
import { capture } from '../spawn.ts';
import type { Binaries } from '../tools/llama-cpp.ts';
import type { SelfTestCrash } from './crash.ts';
import { backendOfDevices } from './flags.ts';
import { type Pin, sha256 } from './pin.ts';
import { probe } from './probe.ts';
import { selfTest } from './self-test.ts';
import type { CacheFolders, Site } from './site.ts';
import { stampOf } from './stamps.ts';
import { readToolRecord, type ToolRecord, writeToolRecord } from './tool-record.ts';
import { commitOf, sameCommit } from './version.ts';

/** What is known of binaries that are not ours; null when they were never examined, or changed since. */
export function knownForeign(folders: CacheFolders, binaries: Binaries): ToolRecord | null {
  return readToolRecord(recordPath(folders, binaries));
}

function recordPath(folders: CacheFolders, binaries: Binaries): string {
  return join(folders.foreign, `${sha256(dirname(binaries.quantize)).slice(0, 16)}.json`);
}

/** Examines foreign binaries and takes them when they pass the self-test. */
export async function takeForeign(binaries: Binaries, site: Site): Promise<ToolRecord> {
  const { version, types, needImatrix, devices } = await probe(binaries);
  const backend = backendOfDevices(devices);
  const result = await selfTest({ binaries, types, backend }, site);
  if (!result.passed) throw new Failure(foreignCrash(result.crash, dirname(binaries.quantize)));
  const files = await loadedFiles(binaries);
  const record: ToolRecord = {
    format: 2,
    files: files.map(stampOf),
    binaries,
    version,
    types,
    needImatrix,
    build: {
      id: digestFiles(files),
      kind: 'foreign',
      backend,
      // Without its folder: a report is read elsewhere.
      description: `${version}, foreign ${backend} build`,
    },
    selfTest: result,
    made: new Date().toISOString(),
  };
  writeToolRecord(recordPath(site.folders, binaries), record);
  return record;
}

/** Said each time a foreign build is used whose commit is not the pinned one. */
export function mismatchNote(record: ToolRecord, pin: Pin): string | null {
  if (sameCommit(commitOf(record.version), pin.commit)) return null;
  return `The converter is that of ${pin.release} (${pin.commit}), but the tools are ${record.version}; name a checkout to use its own converter.`;
}

export function foreignCrash({ tool, type, signal }: SelfTestCrash, folder: string): string {
  return `${tool} in ${folder} crashed in the self-test (${signal}, type ${type}), so this build cannot be used on this machine; let qpipe build its own: unset QPIPE_LLAMA_CPP, and leave out --llama-cpp and tools.llamaCpp.path`;
}

/** The binaries and the llama and ggml libraries they load, also those that are loaded by name from the folder at run time. */
async function loadedFiles(binaries: Binaries): Promise<string[]> {
  const linked = await Promise.all(Object.values(binaries).map(linkedLibraries));
  const folder = dirname(binaries.quantize);
  const beside = readdirSync(folder)
    .filter(isOurLibrary)
    .map((name) => join(folder, name));
  return [...new Set([...Object.values(binaries), ...linked.flat(), ...beside])].sort();
}

async function linkedLibraries(binary: string): Promise<string[]> {
  const [program, args] = process.platform === 'darwin' ? ['otool', ['-L', binary]] : ['ldd', [binary]];
  const { stdout } = await capture(program as string, args as string[]);
  return parseLinkedLibraries(stdout);
}

/** From `libggml.so.0 => /opt/lib/libggml.so.0 (0x...)` and from otool's `/opt/lib/libllama.dylib (compatibility ...)`. */
export function parseLinkedLibraries(output: string): string[] {
  const paths = output.split('\n').flatMap((line) => /(\/\S+) \(/.exec(line)?.[1] ?? []);
  return paths.filter((path) => isOurLibrary(basename(path)));
}

function isOurLibrary(name: string): boolean {
  return /^lib(ggml|llama|mtmd)[^/]*\.(so|dylib)/.test(name);
}

function digestFiles(files: string[]): string {
  return sha256(files.map((path) => `${basename(path)}\0${sha256(readFileSync(path))}\n`).join(''));
}
