import { existsSync, readFileSync } from 'node:fs';
import { readChatTemplate } from '../chat/chat-template.ts';
import { Failure, UserError } from '../errors.ts';
import { readGguf } from '../gguf/header.ts';
import { harmlessAll } from '../harmless.ts';
import type { LocalFile } from '../hub/writer.ts';
import type { Destination } from '../pipeline/destination.ts';
import { quantTag, sharedTags } from '../pipeline/quant-tag.ts';
import { chartFiles } from '../report/index.ts';
import type { ResultRow, Results } from '../results/schema.ts';
import { readRun } from '../run/past-run.ts';
import type { Store } from '../store/store.ts';
import type { Build, BuildRow } from './build.ts';
import { modelCard } from './card/card.ts';
import { type CardFacts, exampleRow } from './card/facts.ts';
import { inherited } from './card/licence.ts';
import type { KeptRun } from './kept.ts';
import { modelfile } from './modelfile.ts';
import { withoutPrivateArguments } from './private-arguments.ts';
import { splitFile } from './split.ts';
import { substanceOf } from './substance.ts';
import { textFile } from './text-file.ts';

export interface Collecting {
  store: Store;
  kept: KeptRun;
  signal?: AbortSignal | undefined;
}

/** Everything that goes to one destination. Throws UserError for rows that cannot go together, Failure for files that are gone. */
export async function collectBuild(written: Results, destination: Destination, collecting: Collecting): Promise<Build> {
  const all = harmlessAll(written);
  const results = withoutPrivateArguments(all, collecting.kept.filledArguments ?? {});
  const rows: BuildRow[] = [];
  for (const row of publishedRows(results, destination)) rows.push(await buildRow(row, results, destination, collecting));
  refuseSharedTags(rows);
  const header = anyHeader(rows);
  const template = header === null ? null : readChatTemplate(header);
  const made = imatrix(collecting.store, results.run.id);
  const texts = textsOf(destination, collecting.kept);
  // It stands for its digest, and cannot be written anew.
  const withManifest = results === all;
  const beside = [...besideOf(results, { matrix: made?.matrix ?? null, withManifest }, collecting), ...texts.files];
  const example = exampleRow(
    results,
    rows.filter(({ files }) => files.length === 1),
  );
  if (example?.files[0]) beside.push(textFile('Modelfile', modelfile(example.files[0].path, template)));
  const facts: CardFacts = {
    results,
    destination,
    rows,
    inherited: inherited(collecting.kept.baseCard, header ? readGguf(header) : { metadata: new Map() }),
    hasAdapter: collecting.kept.hasAdapter,
    template,
    calibration: made?.text ?? null,
    beside: beside.map(({ path }) => path),
  };
  return {
    run: results.run.id,
    substance: substanceOf(all, rows),
    rows,
    beside,
    notes: [...notesOf(facts), ...heldBack(destination, collecting.kept), ...texts.notes, ...(withManifest ? [] : [withoutManifest])],
    card: (there, existing) => modelCard(facts, there, existing),
  };
}

const withoutManifest =
  'manifest.json is not published: its steps hold arguments of `tools.args` that name places of this machine or come from variables';

function notesOf({ inherited: { isGated, license }, rows }: CardFacts): string[] {
  const nameless = rows.filter(({ tag }) => tag === null).map(({ name }) => name);
  return [
    ...(isGated ? ['the base lets nobody have its files who has not accepted its terms: see whether they let you publish quants'] : []),
    ...(license === undefined ? ['the model says nothing of its licence, and so the card has none'] : []),
    ...(nameless.length > 0
      ? [`llama.cpp finds no type in the names of ${nameless.join(', ')}: they are for download, not for \`-hf repo:TYPE\``]
      : []),
  ];
}

function publishedRows({ rows }: Results, { rows: wanted }: Destination): ResultRow[] {
  const name = ({ kind, name: own }: ResultRow) => (kind === 'base' ? 'base' : own).toLowerCase();
  const own = rows.filter(({ kind, file }) => kind !== 'compare' && file?.fallbacks !== undefined);
  const chosen =
    wanted === null
      ? own.filter(({ kind }) => kind === 'quant')
      : own.filter((row) => wanted.some((one) => one.toLowerCase() === name(row)));
  const missing = (wanted ?? []).filter((one) => !chosen.some((row) => name(row) === one.toLowerCase()));
  if (missing.length > 0)
    throw new UserError(`publish: the run has no file of ${missing.join(', ')}; it has ${own.map(name).join(', ') || 'none'}`);
  if (chosen.length === 0) throw new UserError('there is nothing to publish: the run has made no quant');
  return chosen;
}

async function buildRow(row: ResultRow, { model }: Results, { splitOver }: Destination, collecting: Collecting): Promise<BuildRow> {
  const { name, bytes, sha256 } = row.file as NonNullable<ResultRow['file']>;
  const tag = quantTag(name);
  const whole = stored({ path: name, sha256, size: bytes }, collecting.store);
  if (bytes <= splitOver) return { name: row.name, tag, row, files: [whole] };
  const stem = name.replace(/\.gguf$/, '');
  const { kept, store, signal } = collecting;
  const shards = await splitFile(store, { sha256, stem, largest: splitOver, programs: kept.programs, signal });
  const folder = tag ?? model;
  const files = shards.map((shard) => stored({ path: `${folder}/${shard.name}`, sha256: shard.sha256, size: shard.size }, store));
  return { name: row.name, tag, row, files };
}

/** What serves every row, small things and the importance matrix. */
function besideOf(
  results: Results,
  { matrix, withManifest }: { matrix: { sha256: string; size: number } | null; withManifest: boolean },
  { store, kept }: Collecting,
): LocalFile[] {
  const { model, run, companions = [] } = results;
  const manifest = store.path('runs', run.id, 'manifest.json');
  const text = (path: string, content: string | null) => (content === null ? [] : [textFile(path, content)]);
  return [
    ...companions.map(({ name, sha256, bytes }) => stored({ path: name, sha256, size: bytes }, store)),
    ...(matrix ? [stored({ path: `${model}-imatrix.gguf`, ...matrix }, store)] : []),
    ...kept.licences.map(({ name, text: content }) => textFile(name, content)),
    ...text('qpipe.yaml', kept.pipeline),
    ...text('qpipe.lock.json', kept.lock),
    ...text('manifest.json', withManifest && existsSync(manifest) ? readFileSync(manifest, 'utf8') : null),
    ...chart(results),
  ];
}

/** What the pipeline beside it is measured with, where it may be seen. Its owner may have gone on writing: what nobody has measured with stays here. */
function textsOf({ texts }: Destination, { texts: known }: KeptRun): { files: LocalFile[]; notes: string[] } {
  const [files, notes]: [LocalFile[], string[]] = [[], []];
  for (const { path, file, sha256 } of texts ? known : []) {
    const now = existsSync(file) ? textFile(path, readFileSync(file)) : null;
    if (now?.sha256 === sha256) files.push(now);
    else notes.push(`${path} is not published: ${file} is ${now ? 'another text now than the one that was measured with' : 'gone'}`);
  }
  return { files, notes };
}

function heldBack({ texts, kind }: Destination, { texts: known }: KeptRun): string[] {
  if (texts || kind === 'command' || known.length === 0) return [];
  return [`who runs qpipe.yaml needs ${known.map(({ path }) => path).join(', ')}, which \`texts: true\` would publish`];
}

/** The one that the run made or found made; one that was given is somebody else's to publish. */
function imatrix(store: Store, run: string): { matrix: { sha256: string; size: number }; text: string | null } | null {
  const task = readRun(store, run)?.tasks.get('imatrix');
  const record = task && 'key' in task ? store.read(task.key) : null;
  const output = record?.outputs.find(({ name }) => name === 'imatrix.gguf');
  return output
    ? { matrix: { sha256: output.sha256, size: output.size }, text: record?.preimage.inputs['text']?.[0]?.sha256 ?? null }
    : null;
}

function chart(results: Results): LocalFile[] {
  const drawn = chartFiles(results).find(({ name }) => name === 'divergence-by-size.svg');
  return drawn?.svg ? [textFile(`charts/${drawn.name}`, drawn.svg)] : [];
}

function stored(file: Omit<LocalFile, 'content'>, store: Store): LocalFile {
  const path = store.objectPath(file.sha256);
  if (existsSync(path)) return { ...file, content: { path } };
  throw new Failure(`${file.path} is no longer in the store: run the pipeline again, and publish that run`);
}

function refuseSharedTags(rows: BuildRow[]): void {
  const [shared] = sharedTags(rows.flatMap(({ files }) => files[0]?.path ?? []));
  if (!shared) return;
  throw new UserError(
    `${shared.names.join(' and ')} both answer to the tag ${shared.tag}: give one of them another \`name:\` in the pipeline, or leave it out with \`files:\``,
  );
}

/** Of any quant: tokenizer and template are the same in all. */
function anyHeader(rows: BuildRow[]): string | null {
  const content = rows[0]?.files[0]?.content;
  return content && 'path' in content ? content.path : null;
}
