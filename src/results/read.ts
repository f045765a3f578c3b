import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { messageOf, UserError } from '../errors.ts';
import { type Results, resultsSchema } from './schema.ts';

/**
 * Saved results by what people call them: a pipeline's name, a run's id, a folder with a results.json, or the file itself; undefined
 * for the newest. Throws a UserError that says what is wrong with the file and how to mend it.
 * @param out the out folder
 */
export function readResults(out: string, run: string | undefined): Results {
  return readResultsFile(run === undefined ? newest(out) : named(out, run));
}

/** Whether the word names saved results, whatever is in them. */
export function namesResults(out: string, word: string): boolean {
  return placesOf(out, word).some(isFile);
}

function named(out: string, run: string): string {
  if (run.trim() === '') throw new UserError('the name of a run is empty');
  const places = placesOf(out, run);
  const found = places.find(isFile);
  if (!found) throw new UserError(`there is no run ${run}: looked for ${places.join(', ')}`);
  return found;
}

function placesOf(out: string, run: string): string[] {
  const folders = [run, join(out, run), join(out, 'store', 'runs', run)];
  return [...(run.endsWith('.json') ? [run] : []), ...folders.map((folder) => join(folder, 'results.json'))];
}

function newest(out: string): string {
  const folders = existsSync(out) ? readdirSync(out).map((name) => join(out, name, 'results.json')) : [];
  const [first] = folders.filter(isFile).sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  if (!first) throw new UserError(`${out} holds no results yet: run a pipeline first, or name the folder with --out`);
  return first;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

const again = 'run the pipeline again, which writes it from what is made already';

function readResultsFile(file: string): Results {
  const json = parse(readFileSync(file, 'utf8'), file);
  refuseOtherVersion(json, file);
  const parsed = resultsSchema.safeParse(json);
  if (!parsed.success) throw new UserError(`${file} is damaged: ${firstProblem(parsed.error, json)}; ${again}`);
  const problem = missingRows(parsed.data);
  if (problem) throw new UserError(`${file} is damaged: ${problem}; ${again}`);
  return parsed.data;
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(`${file} is not JSON: ${whyNoJson(text, error)}; ${again}`);
  }
}

/** What most often makes JSON unreadable, before the parser's own words. */
function whyNoJson(text: string, error: unknown): string {
  if (text.trim() === '') return 'it is empty';
  const lines = text.split('\n');
  const line = lines.findIndex((one) => /(^|[:,[])\s*[-+]?(NaN|Infinity)\s*([,}\]]|$)/i.test(one));
  if (line >= 0) return `line ${line + 1} has ${/[-+]?(NaN|Infinity)/i.exec(lines[line] ?? '')?.[0]} where a number has to be`;
  if (text.trim().startsWith('{') && !text.trim().endsWith('}')) return `it is cut off in line ${lines.length}`;
  return messageOf(error);
}

const version = resultsSchema.shape.version.value;

function refuseOtherVersion(json: unknown, file: string): void {
  const own = typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined;
  if (own === version) return;
  if (typeof own !== 'number') throw new UserError(`${file} is no results.json of a qpipe run: it has no version`);
  throw new UserError(
    `${file} has version ${own}, and this qpipe reads version ${version}: use the qpipe that wrote it, or run the pipeline again with this one`,
  );
}

/** The first thing that differs from the schema, with its place. */
function firstProblem(error: z.ZodError, json: unknown): string {
  const [issue] = error.issues;
  const found = issue?.path.reduce<unknown>((value, step) => (value as Record<PropertyKey, unknown> | undefined)?.[step], json);
  const place = placeOf(issue?.path ?? [], json);
  if (found === undefined) return `${place} is missing`;
  if (found === null) return `${place} is null where ${issue?.code === 'invalid_type' ? `a ${issue.expected}` : 'something'} has to be`;
  return `${place}: ${issue?.message}`;
}

/** `rows[2].quality.kld.value (of Q4_K_M)` */
function placeOf(path: PropertyKey[], json: unknown): string {
  const words = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
  const [list, index] = path;
  const row = list === 'rows' && typeof index === 'number' ? (json as { rows: { name?: unknown }[] }).rows[index]?.name : undefined;
  return `${words.replace(/^\./, '')}${typeof row === 'string' ? ` (of ${row})` : ''}`;
}

/** Rows that are spoken of must be there, and each once: a row is found by its name. */
function missingRows({ rows, basePpl, neighbours, recommendations = [] }: Results): string | null {
  if (rows.length === 0) return 'it has no rows';
  const names = new Set(rows.map(({ name }) => name));
  const twice = rows.find(({ name }, i) => rows.findIndex((other) => other.name === name) < i);
  if (twice) return `it has two rows ${twice.name}`;
  if (basePpl && !rows.some(({ kind }) => kind === 'base')) return 'the row of the base, whose perplexity it has, is missing';
  const spoken = [...neighbours.flatMap(({ better, worse }) => [better, worse]), ...recommendations.flatMap(({ pick }) => pick ?? [])];
  const missing = spoken.find((name) => !names.has(name));
  return missing === undefined ? null : `the row ${missing}, which it speaks of, is missing`;
}
