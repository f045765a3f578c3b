import { statSync } from 'node:fs';
import { stringify } from 'yaml';
import { UserError } from '../errors.ts';
import { gatherFacts } from '../facts/gather.ts';
import type { FetchProgress, Hub } from '../hub/hub.ts';
import { loadPipelineText } from '../pipeline/load.ts';
import type { Trust } from '../pipeline/pipeline.ts';
import type { Facts } from '../plan/facts.ts';
import { type Located, locateSources } from '../sources/locate.ts';
import { Pins } from '../sources/pins.ts';
import type { Digests } from '../store/digest.ts';
import { finishedBeside, finishedInRepo } from './finished.ts';
import { type Looks, makesFiles, type Source } from './looks.ts';
import { looksOf } from './looks-of.ts';
import { type NamedModel, nameOf } from './named-model.ts';
import { whyNothingToMake } from './refusals.ts';
import { writtenModel } from './written-model.ts';

export interface LookOptions {
  openHub: () => Promise<Hub>;
  trust: Trust[];
  tools: Facts['tools'];
  signal: AbortSignal;
  onFetch: (progress: FetchProgress) => void;
}

/** A model that was looked at. Stand-ins and connections are there until it is disposed of. */
export interface Looked extends Disposable {
  looks: Looks;
  located: Located;
  facts: Facts;
}

/** Sizes alone: whoever only looks at a model need not read all of it. Keys made of these are found nowhere. */
export const unread: Digests = {
  of: (path) => Promise.resolve({ sha256: '', size: statSync(path).size }),
  learn: () => {},
};

/** Reads config, tokenizer and headers. Throws UserError for what no pipeline can be written for. */
export async function lookAtModel(named: NamedModel, options: LookOptions): Promise<Looked> {
  const { trust, tools, signal, onFetch } = options;
  const hub = named.kind === 'repo' ? await options.openHub() : null;
  try {
    const { source, finished } = await sourceOf(named, hub, options);
    const openHub = () => (hub ? Promise.resolve(hub) : options.openHub());
    const located = await locateSources(modelAlone(source, trust), { openHub, digests: unread, look: true, signal, onFetch });
    if (!located.ok) throw new UserError(located.problems.map(({ message }) => message).join('\n'));
    const facts = await gatherFacts(located, tools, unread);
    const why = whyNothingToMake(facts.model, source);
    if (why !== null) throw new UserError(why);
    const looks = looksOf({ source, located, facts, trust });
    const smaller = finished.filter(({ bytes }) => bytes < looks.fullBytes);
    return {
      looks: { ...looks, finished: makesFiles(looks) ? [] : smaller },
      located,
      facts,
      [Symbol.dispose]: () => located[Symbol.dispose](),
    };
  } catch (thrown) {
    await hub?.close();
    throw thrown;
  }
}

/** A repo without weights to convert stands for its largest GGUF. */
async function sourceOf(named: NamedModel, hub: Hub | null, { tools, signal }: LookOptions) {
  if (named.kind === 'folder') return { source: { ...named, name: nameOf(named) } satisfies Source, finished: [] };
  if (named.kind === 'gguf') return { source: named, finished: finishedBeside(named.path, typeNames(tools)) };
  const { repo, revision } = named;
  if (!hub) throw new UserError(`${repo} is on the Hub`);
  const pins = new Pins({ hub, locked: {}, keep: false, signal });
  const { tree } = await pins.tree({ type: 'model', repo, revision: revision ?? 'main', file: null });
  const pinned = { repo, revision, commit: tree.commit };
  const finished = finishedInRepo(tree);
  const hasWeights = tree.files.some(({ path }) => path === 'config.json');
  const file = named.file ?? (hasWeights ? null : (finished[0]?.name ?? null));
  const source: Source = file === null ? { kind: 'repo', ...pinned } : { kind: 'repo-gguf', ...pinned, file };
  return { source, finished: finished.filter(({ name }) => name.toLowerCase() !== file?.toLowerCase()) };
}

/** A pipeline that names the model and nothing else. */
function modelAlone(source: Source, trust: Trust[]) {
  const text = stringify({
    name: 'model',
    model: writtenModel(source, { trust, companions: [], folder: '/' }),
    quants: ['Q8_0'],
    ...nothingElse,
  });
  const loaded = loadPipelineText(text, { file: null, folder: '/' });
  if (!loaded.ok) throw new UserError(loaded.diagnostics.map(({ message }) => message).join('\n'));
  return loaded.pipeline;
}

const nothingElse = { imatrix: 'none', evaluate: 'none', bench: 'none' };

function typeNames({ types }: Facts['tools']): string[] {
  return types.map(({ name }) => name);
}
