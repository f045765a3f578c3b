import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../errors.ts';
import type { Hub } from '../hub/hub.ts';
import {
  type ChoiceQuestions,
  type CompareEntry,
  type Evaluation,
  type Here,
  type HubSource,
  type ImatrixSource,
  isOnHub,
  type LocalPipeline,
  type ModelSource,
  type Pipeline,
  type Somewhere,
  type TextSource,
  type Trust,
} from '../pipeline/pipeline.ts';
import type { ResolvedSource } from '../plan/facts.ts';
import type { PlanProblem } from '../plan/problems.ts';
import { cacheFolders } from '../setup/site.ts';
import { adapterFolder } from './adapter-in-repo.ts';
import { Desk } from './desk.ts';
import { ggufOf } from './gguf-in-repo.ts';
import type { Located, LocateOptions } from './locate.ts';
import { modelFolder } from './model-in-repo.ts';
import { Pins } from './pins.ts';
import type { PinnedTree } from './remote.ts';
import { textFile } from './text-file.ts';

/** What the pipeline names, one after the other; a mistake in one does not hide those in the others. */
export class Finder {
  readonly problems: PlanProblem[] = [];
  readonly #sources: ResolvedSource[] = [];
  readonly #options: LocateOptions;
  #opened: { hub: Hub; pins: Pins; desk: Desk } | null = null;

  constructor(options: LocateOptions) {
    this.#options = options;
  }

  async pipeline(pipeline: Pipeline): Promise<LocalPipeline | null> {
    const { imatrix } = pipeline;
    const model = await this.at('/model', () => this.model(pipeline.model));
    const matrix = imatrix && (await this.at('/imatrix', () => this.imatrix(imatrix)));
    const evaluate: Evaluation<Here>[] = [];
    for (const [i, one] of pipeline.evaluate.entries()) {
      const what = i === 0 ? 'evaluation' : `evaluation ${one.name}`;
      const text = await this.at(`${one.at}/text`, () => this.text(what, one.text));
      if (text) evaluate.push({ ...one, text });
    }
    const choices: ChoiceQuestions<Here>[] = [];
    for (const one of pipeline.choices) {
      const file = await this.at(one.at, () => this.text(one.task, one.file));
      if (file) choices.push({ ...one, file });
    }
    const others: CompareEntry<Here>[] = [];
    for (const entry of pipeline.compare) {
      const found = await this.at(entry.at, () => this.compared(entry));
      if (found) others.push(found);
    }
    if (this.problems.length > 0 || !model) return null;
    return { ...pipeline, model, imatrix: matrix, evaluate, choices, compare: others };
  }

  found(): Pick<Located, 'remote' | 'sources' | 'commits' | 'moved' | 'hub'> {
    const opened = this.#opened;
    return {
      remote: opened?.desk.files ?? new Map(),
      sources: this.#sources,
      commits: opened?.pins.commits ?? {},
      moved: opened?.pins.moved ?? [],
      hub: opened?.hub ?? null,
    };
  }

  [Symbol.dispose](): void {
    this.#opened?.desk[Symbol.dispose]();
    void this.#opened?.hub.close();
  }

  private async at<T>(at: string, find: () => Promise<T>): Promise<T | null> {
    try {
      return await find();
    } catch (thrown) {
      if (!(thrown instanceof UserError)) throw thrown;
      this.problems.push({ at, message: thrown.message });
      return null;
    }
  }

  private async model(model: ModelSource): Promise<ModelSource<Here>> {
    const { adapter: wanted, trust } = model;
    const adapter = wanted && (await this.at('/model/adapter', () => this.adapter(wanted, trust)));
    if (!isOnHub(model)) return { ...model, name: model.name ?? nameAfter(model.adapter), adapter };
    const { hub: source, ...rest } = model;
    if (model.kind === 'gguf') return { ...rest, adapter, path: await this.gguf('model', source) };
    const { desk } = await this.open();
    const path = await modelFolder(desk, await this.pinned('model', source), model.trust);
    return { ...rest, name: model.name ?? nameAfter(model.adapter ?? model), adapter, path };
  }

  /** All of it is looked at before anything is planned. */
  private async adapter(adapter: Somewhere, trust: Trust[]): Promise<Here> {
    if (!isOnHub(adapter)) return adapter;
    const { desk } = await this.open();
    return { path: await adapterFolder(desk, await this.pinned('adapter', adapter.hub), trust) };
  }

  private async compared(entry: CompareEntry): Promise<CompareEntry<Here>> {
    if (!isOnHub(entry)) return entry;
    const { hub: source, ...rest } = entry;
    return { ...rest, path: await this.gguf(entry.name, source) };
  }

  private async imatrix(imatrix: ImatrixSource): Promise<ImatrixSource<Here>> {
    if (imatrix.kind === 'compute') return { ...imatrix, text: await this.text('calibration', imatrix.text) };
    return isOnHub(imatrix) ? { kind: 'file', missing: imatrix.missing, path: await this.whole('imatrix', imatrix.hub, true) } : imatrix;
  }

  private async text(what: string, text: TextSource): Promise<TextSource<Here>> {
    const { texts = join(cacheFolders().root, 'texts'), digests, signal } = this.#options;
    const { name, part, expected, chat, fileSha256 } = text;
    if (isOnHub(text) && expected !== null && this.#options.look)
      return { name, part: null, expected, path: await this.known(what, name, text.hub, expected) };
    const path = isOnHub(text) ? await this.whole(what, text.hub) : text.path;
    const rest = { ...(chat ? { chat } : {}), ...(fileSha256 === undefined ? {} : { fileSha256 }) };
    const found = await textFile({ name, part, expected, path, ...rest }, { texts, digests, signal }).catch((thrown) => {
      throw isOnHub(text) ? namedAsOnHub(thrown, path, text.hub) : thrown;
    });
    if (statSync(found.path).size === 0) throw new UserError(`the text ${name} is empty`);
    return found;
  }

  /** A text with a name: its size and digest stand in the list, so that a plan need not have it. */
  private async known(
    what: string,
    name: string,
    { type, repo, revision, file }: HubSource,
    expected: NonNullable<TextSource['expected']>,
  ) {
    const { desk } = await this.open();
    this.#sources.push({ what, type, repo, revision, commit: revision });
    return desk.textStandIn(name, expected, { type, repo, revision, commit: revision, file: file ?? '', etag: expected.sha256 });
  }

  /** The first shard of a GGUF, as far as its header. */
  private async gguf(what: string, source: HubSource): Promise<string> {
    const { desk } = await this.open();
    const pinned = await this.pinned(what, source);
    const folder = desk.folder();
    const paths = ggufOf(pinned.tree, source.file ?? '').map((file) => ({ file, path: join(folder, basename(file.path)) }));
    for (const { file, path } of paths) await desk.standIn(path, pinned, file);
    return paths[0]?.path ?? '';
  }

  /** A file that has to be here before anything can be planned. */
  private async whole(what: string, source: HubSource, named = false): Promise<string> {
    const { desk } = await this.open();
    const pinned = await this.pinned(what, source);
    const file = pinned.tree.files.find(({ path }) => path === source.file);
    if (!file) throw new UserError(`${source.repo} has no ${source.file}; there are ${someOf(pinned.tree.files.map(({ path }) => path))}`);
    const bytes = (await desk.bring(pinned, [file], { link: true })).get(file.path) ?? '';
    const path = named ? join(desk.folder(), basename(file.path)) : bytes;
    if (named) desk.put(path, pinned, file, bytes);
    return path;
  }

  private async pinned(what: string, source: HubSource): Promise<PinnedTree> {
    const { pins } = await this.open();
    const pinned = await pins.tree(source);
    const { type, repo, revision } = source;
    this.#sources.push({ what, type, repo, revision, commit: pinned.tree.commit });
    return pinned;
  }

  private async open() {
    if (this.#opened) return this.#opened;
    const {
      openHub = openUsualHub,
      locked = {},
      keepLocked = false,
      look = false,
      signal,
      onFetch = () => {},
      onHash = () => {},
    } = this.#options;
    const hub = await openHub();
    this.#opened = {
      hub,
      pins: new Pins({ hub, locked, keep: keepLocked, signal }),
      desk: new Desk({ hub, look, signal, onFetch, onHash }),
    };
    return this.#opened;
  }
}

/** A merged model goes by its adapter's name, never by its base's. */
function nameAfter(source: Somewhere | null): string | null {
  return source && isOnHub(source) ? basename(source.hub.repo) : null;
}

async function openUsualHub(): Promise<Hub> {
  const [{ openHub }, { hubSite }] = await Promise.all([import('../hub/open-hub.ts'), import('../hub/site.ts')]);
  return openHub(hubSite());
}

/** People know the file of the repo, not where its bytes lie. */
function namedAsOnHub(thrown: unknown, path: string, { repo, file }: HubSource): unknown {
  if (thrown instanceof Error) thrown.message = thrown.message.replaceAll(path, `${file} of ${repo}`);
  return thrown;
}

function someOf(names: string[]): string {
  return names.length <= 10 ? names.join(', ') : `${names.slice(0, 10).join(', ')} and ${names.length - 10} more`;
}
