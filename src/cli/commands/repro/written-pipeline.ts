import { existsSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import { UserError } from '../../../errors.ts';
import { type Loaded, loadPipelineText } from '../../../pipeline/load.ts';
import { type PipelineWishes, pipelineOf } from '../../../published/as-pipeline.ts';
import type { PublishedRun } from '../../../published/schema.ts';
import type { PublishedTable } from '../../../published/table.ts';

export interface WrittenWishes extends PipelineWishes {
  /** File to save the pipeline to. */
  write: string | undefined;
}

/** A table's pipeline the way of every pipeline, through its YAML: what `--write` saves is exactly what runs. */
export function writtenPipeline(
  table: PublishedTable,
  run: PublishedRun,
  { write, ...wishes }: WrittenWishes,
): { text: string; loaded: Loaded } {
  const file = write === undefined ? null : resolve(write);
  const folder = file === null ? process.cwd() : dirname(file);
  const model = wishes.model === undefined ? undefined : existing(wishes.model);
  const written = pipelineOf(table, run, { ...wishes, model });
  const text = `# Repeats the published table ${table.id}: qpipe repro ${table.id}\n${stringify(moved(written, dirname(table.file), folder))}`;
  const loaded = loadPipelineText(text, { file, folder });
  if (file !== null && loaded.ok) {
    if (existsSync(file)) throw new UserError(`${write} exists already; name another file`);
    writeFileSync(file, text);
    process.stderr.write(`pipeline written to ${write}\n`);
  }
  return { text, loaded };
}

function existing(path: string): string {
  if (!existsSync(path)) throw new UserError(`there is no model ${path}: --model takes a folder with weights or a .gguf file`);
  return resolve(path);
}

/** Paths that begin with a dot are relative to the table's file; all of them become so to the pipeline's. */
function moved(value: unknown, from: string, to: string): unknown {
  if (typeof value === 'string' && /^(\.{0,2}\/|\.{1,2}$)/.test(value)) {
    const path = relative(to, resolve(from, value));
    return path.startsWith('..') ? path : `./${path}`;
  }
  if (Array.isArray(value)) return value.map((member) => moved(member, from, to));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, moved(member, from, to)]));
}
