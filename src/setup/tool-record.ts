import { join } from 'node:path';
import type { Binaries, Build, QuantType } from '../tools/llama-cpp.ts';
import type { SelfTestCrash } from './crash.ts';
import { readJson, writeJson } from './json-file.ts';
import { type Stamp, stampHolds } from './stamps.ts';

/** What was found out about a build, kept so that nothing is asked twice. A build that crashed in its self-test has a record too, so that it is not tried again. */
export interface ToolRecord {
  format: 2;
  /** The binaries and the libraries they load. When one changes, the record is void. */
  files: Stamp[];
  binaries: Binaries;
  version: string;
  types: QuantType[];
  /** Types that are made only with an importance matrix. */
  needImatrix: string[];
  build: Build;
  selfTest: { passed: true; types: string[] } | { passed: false; crash: SelfTestCrash };
  /** ISO 8601. */
  made: string;
}

/** A record whose files are still the ones that were examined. */
export function readToolRecord(path: string): ToolRecord | null {
  const record = readJson<ToolRecord>(path);
  return record?.format === 2 && record.files.every(stampHolds) ? record : null;
}

export function writeToolRecord(path: string, record: ToolRecord): void {
  writeJson(path, record);
}

export function buildRecordPath(buildsFolder: string, id: string): string {
  return join(buildsFolder, id, 'build.json');
}
