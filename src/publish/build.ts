import type { LocalFile } from '../hub/writer.ts';
import type { ResultRow } from '../results/schema.ts';
import type { JournalEntry } from './journal.ts';

/** Everything that people get of one run: files, and the card that tells of them. */
export interface Build {
  run: string;
  /** sha256 over the files of the rows and over what was measured: two runs with the same one publish the same. */
  substance: string;
  rows: BuildRow[];
  /** What the rows share: importance matrix, licence, pipeline, chart. */
  beside: LocalFile[];
  /** What whoever publishes should know. */
  notes: string[];
  /** The card, when the files of these rows are there. @param existing the card that is there; its parts by hand stay. Throws UserError */
  card(there: BuildRow[], existing: string | null): string;
}

/** A row's file, or the parts of it. */
export interface BuildRow {
  name: string;
  /** By what `-hf owner/name:TAG` finds it; null where llama.cpp finds none in the name. */
  tag: string | null;
  row: ResultRow;
  files: LocalFile[];
}

export const cardPath = 'README.md';
export const sumsPath = 'SHA256SUMS';

/** Without where they lie. */
export function listOf(files: LocalFile[]): { path: string; sha256: string; size: number }[] {
  return files.map(({ path, sha256, size }) => ({ path, sha256, size }));
}

/** What a journal keeps of it. */
export function entryOf(build: Build): Pick<JournalEntry, 'run' | 'substance' | 'models' | 'files'> {
  const { run, substance } = build;
  return { run, substance, models: modelsOf(build), files: listOf(filesOf(build)) };
}

/** Also of a file that is in parts: in others it is the same. */
function modelsOf({ rows }: Build): string[] {
  return rows.flatMap(({ row, files }) => [...(row.file ? [row.file.sha256] : []), ...files.map(({ sha256 }) => sha256)]);
}

/** All of it but the card and the sums, which depend on what else is there. */
export function filesOf({ rows, beside }: Pick<Build, 'rows' | 'beside'>): LocalFile[] {
  return [...beside, ...rows.flatMap(({ files }) => files)];
}
