import { existsSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import { UserError } from '../../errors.ts';
import { asFileName, repoOfSnapshot } from '../../facts/model-name.ts';
import { type HubName, hubName } from '../../pipeline/hub-name.ts';
import { loadPipelineText } from '../../pipeline/load.ts';
import type { HubFlags } from '../hub-flags.ts';
import { tellDiagnostics } from '../mistakes.ts';
import { runPipelines } from '../session.ts';
import { isOffline, type ToolFlags, withFlags } from '../tool-flags.ts';

interface ImpliedArguments extends ToolFlags, HubFlags {
  out: string | undefined;
  quiet: boolean;
  json: boolean;
  write: string | undefined;
  text: string | undefined;
  chunks: number | undefined;
  bench: boolean;
}

export async function quantize(args: ImpliedArguments & { model: string; type: string[]; trust: string[] | undefined }): Promise<number> {
  const rest = { quants: args.type, ...measuring(args) };
  const trust = args.trust === undefined ? {} : { trust: args.trust };
  const hub = onHub(args.model);
  if (hub) return await runImplied({ name: asFileName(basename(hub.repo)), model: { ...modelOnHub(hub), ...trust }, ...rest }, args);
  const path = existing(args.model);
  const name = asFileName(repoOfSnapshot(path) ?? basename(path).replace(/(-\d{5}-of-\d{5})?\.gguf$/, ''));
  const model = path.endsWith('.gguf') ? { gguf: path, ...trust } : { path, name, ...trust };
  return await runImplied({ name, model, ...rest }, args);
}

/** The largest file is what the others are measured against, unless one is named. */
export async function measure(args: ImpliedArguments & { gguf: string[]; base: string | undefined }): Promise<number> {
  const files = args.gguf.map((file) => (onHub(file) ? file : existing(file)));
  if (args.base === undefined && files.some(onHub))
    throw new UserError('with files of the Hub, --base says which one the others are measured against');
  const base = args.base === undefined ? largest(files) : onHub(args.base) ? args.base : existing(args.base);
  const others = files.filter((file) => file !== base);
  const hub = onHub(base);
  const name = asFileName(hub ? `${basename(hub.repo)}-${basename(hub.rest ?? '', '.gguf')}` : basename(base, '.gguf'));
  const model = hub ? modelOnHub(hub) : { gguf: base };
  return await runImplied({ name, model, imatrix: 'none', quants: [], compare: others, ...measuring(args) }, args);
}

/** A name of the Hub, where nothing here has it. */
function onHub(written: string): HubName | null {
  return existsSync(written) ? null : hubName(written);
}

function modelOnHub({ repo, revision, rest }: HubName): Record<string, unknown> {
  const pinned = { repo, ...(revision === undefined ? {} : { revision }) };
  return rest === undefined ? pinned : { gguf: { ...pinned, file: rest } };
}

/** Goes the way of every pipeline, through its YAML: what `--write` saves is exactly what runs. */
async function runImplied(written: Record<string, unknown>, args: ImpliedArguments): Promise<number> {
  const folder = args.write === undefined ? process.cwd() : dirname(resolve(args.write));
  const text = stringify(withRelativePaths(written, folder));
  const loaded = loadPipelineText(text, {
    file: args.write === undefined ? null : resolve(args.write),
    folder,
  });
  if (!loaded.ok) return tellDiagnostics(loaded.diagnostics);
  if (args.write !== undefined) {
    if (existsSync(args.write)) throw new UserError(`${args.write} exists already; name another file`);
    writeFileSync(args.write, text);
    process.stderr.write(`pipeline written to ${args.write}\n`);
  }
  return await runPipelines([withFlags(loaded.pipeline, args)], { ...args, offline: isOffline(args, process.env) });
}

function measuring({ text, chunks, bench }: ImpliedArguments): Record<string, unknown> {
  if (chunks !== undefined && !(Number.isInteger(chunks) && chunks > 0)) throw new UserError('--chunks takes a whole number of at least 1');
  const evaluate = { ...(text === undefined ? {} : { text: existing(text) }), ...(chunks === undefined ? {} : { chunks }) };
  return { ...(Object.keys(evaluate).length > 0 ? { evaluate } : {}), ...(bench ? {} : { bench: 'none' }) };
}

function existing(path: string): string {
  if (!existsSync(path)) throw new UserError(`${path} does not exist`);
  return resolve(path);
}

function largest(files: string[]): string {
  const [first] = files.toSorted((a, b) => statSync(b).size - statSync(a).size);
  if (first === undefined) throw new UserError('name at least one GGUF file');
  return first;
}

/** Paths in a pipeline file are relative to it, so that it can move together with what it names. */
function withRelativePaths(value: unknown, folder: string): unknown {
  if (typeof value === 'string' && value.startsWith('/')) return `./${relative(folder, value)}`;
  if (Array.isArray(value)) return value.map((member) => withRelativePaths(member, folder));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withRelativePaths(member, folder)]));
}
