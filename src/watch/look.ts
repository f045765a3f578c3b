import { basename, dirname, join } from 'node:path';
import { isForPeople } from '../facts/select-files.ts';
import type { Hub } from '../hub/hub.ts';
import { etagOf, type Tree } from '../hub/repo.ts';
import { namesIn, statOf } from '../pipeline/paths.ts';
import type { HubSource, Pipeline } from '../pipeline/pipeline.ts';
import { digestOf } from '../plan/canonical.ts';
import { resolveNamedPath } from '../setup/named-path.ts';
import { readVendored } from '../setup/pin.ts';
import { ggufOf } from '../sources/gguf-in-repo.ts';
import type { Digests } from '../store/digest.ts';
import { namedIn } from './named-in.ts';
import type { Seen, Sight } from './sight.ts';

interface LookOptions {
  /** Called where a source is there. */
  openHub: () => Promise<Hub>;
  digests: Digests;
  /** What was seen before: the content of a commit that is known is not asked for again. */
  before: Sight;
  signal: AbortSignal;
}

/**
 * What a pipeline stands on now. Of a repo one short request, and its list of files where its commit is new. Throws what keeps it from
 * being looked at: a Hub that does not answer, a file that is gone.
 */
export async function look(pipeline: Pipeline, options: LookOptions): Promise<Sight> {
  const { hub, paths } = namedIn(pipeline);
  const sight: Sight = { pipeline: ofPipeline(pipeline) };
  if (hub.length > 0) Object.assign(sight, await onHub(hub, options));
  for (const path of paths) sight[path] = await ofPath(path, options.digests);
  sight['llama.cpp'] = await ofTools(pipeline.tools.llamaCppPath ?? (process.env['QPIPE_LLAMA_CPP'] || null), options.digests);
  return sight;
}

/** As it is meant: comments, and who is told, decide nothing. */
function ofPipeline({ places: _places, notify: _notify, ...rest }: Pipeline): Seen {
  return { at: 'as written', content: digestOf('qpipe.sight.v1', rest) };
}

async function onHub(sources: HubSource[], { openHub, before, signal }: LookOptions): Promise<Sight> {
  const hub = await openHub();
  try {
    const sight: Sight = {};
    for (const source of sources) {
      const { type, repo, revision, file } = source;
      const thing = `${repo}${file === null ? '' : `:${file}`}@${revision}`;
      const id = { type, name: repo };
      const at = await hub.pin(id, revision, signal);
      const last = before[thing];
      sight[thing] = last?.at === at ? last : { at, content: contentOf(await hub.tree(id, at, signal), file) };
    }
    return sight;
  } finally {
    await hub.close();
  }
}

/** Of a repo all that is not only for people to read; of one file, or the shards of a GGUF, these. */
function contentOf(tree: Tree, file: string | null): string {
  const files = file === null ? tree.files.filter(({ path }) => decides(path)) : ofOne(tree, file);
  return digestOf(
    'qpipe.sight.v1',
    files.map((one) => [one.path, etagOf(one)]).sort(([a = ''], [b = '']) => (a < b ? -1 : 1)),
  );
}

function ofOne(tree: Tree, file: string): Tree['files'] {
  const exact = tree.files.filter(({ path }) => path === file);
  return exact.length > 0 && !file.endsWith('.gguf') ? exact : ggufOf(tree, file);
}

/** Bytes that were hashed once are known by their size and times. */
async function ofPath(path: string, digests: Digests): Promise<Seen> {
  const isFolder = statOf(path)?.isDirectory() ?? false;
  const content = await (isFolder ? digestOfFiles(path, filesIn(path), digests) : digestOfFiles(dirname(path), [basename(path)], digests));
  return { at: 'here', content };
}

async function digestOfFiles(folder: string, names: string[], digests: Digests): Promise<string> {
  const digested: [string, string][] = [];
  for (const name of names) digested.push([name, (await digests.of(join(folder, name))).sha256]);
  return digestOf('qpipe.sight.v1', digested);
}

/** Also of the folders in it: models lie one deep at most. */
function filesIn(folder: string): string[] {
  const isFolder = (name: string) => statOf(join(folder, name))?.isDirectory() ?? false;
  const own = namesIn(folder).filter(decides);
  const inner = own.filter(isFolder).flatMap((name) => namesIn(join(folder, name)).map((below) => `${name}/${below}`));
  return [...own, ...inner].filter((name) => statOf(join(folder, name))?.isFile()).sort();
}

function decides(path: string): boolean {
  return !path.startsWith('.') && !isForPeople(path);
}

/** Programs and libraries of a build that is named; else what this qpipe, or one that was installed over it meanwhile, would build. */
async function ofTools(named: string | null, digests: Digests): Promise<Seen> {
  if (named === null) return ofPinned();
  const { folder } = resolveNamedPath(named);
  const programs = namesIn(folder).filter((name) => /^(llama-|lib)/.test(name));
  return { at: named, content: await digestOfFiles(folder, programs.sort(), digests) };
}

function ofPinned(): Seen {
  const { pin, patches, requirements } = readVendored();
  const deciding = [pin, patches.map(({ sha256 }) => sha256), requirements.sha256];
  return { at: pin.release, content: digestOf('qpipe.sight.v1', deciding) };
}
