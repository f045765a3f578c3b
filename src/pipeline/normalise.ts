import { basename, extname } from 'node:path';
import { namedText } from '../texts/named.ts';
import { defaultPrompts } from './default-prompts.ts';
import type { Destination } from './destination.ts';
import { destinations } from './destinations.ts';
import type { GateSettings } from './gate.ts';
import { gateSettings } from './gates.ts';
import { hubName } from './hub-name.ts';
import { bench, load } from './normalise-measuring.ts';
import { absolutePath } from './paths.ts';
import type {
  ChoiceQuestions,
  CompareEntry,
  Evaluation,
  Here,
  HubSource,
  ImatrixSource,
  ModelSource,
  OnHub,
  Pipeline,
  Place,
  QuantEntry,
  SampleSettings,
  Somewhere,
  TextPart,
  TextSource,
  ToolSettings,
} from './pipeline.ts';
import { namedPrompts } from './prompts.ts';
import type { WrittenPipeline } from './schema.ts';
import { textTag } from './text-name.ts';
import { below, type Origin, originOf } from './tree.ts';
import type { Environment } from './variables.ts';
import { type Notification, notifications } from './written-notify.ts';
import { recommendEntries } from './written-recommend.ts';
import { isNamedText } from './written-texts.ts';

export interface Surroundings {
  file: string | null;
  origins: Map<string, Origin>;
  env: Environment;
  builtinTexts: { calibration: string; evaluation: string };
}

/** What a person wrote as the rest of qpipe uses it: every default filled in, every path absolute. */
export function normalise(written: WrittenPipeline, around: Surroundings): Pipeline {
  const maker = new Maker(around);
  return {
    name: written.name ?? nameOfFile(around.file),
    file: around.file,
    model: maker.model(written.model),
    convert: { type: written.convert?.type ?? 'auto' },
    base: written.base ?? 'auto',
    imatrix: maker.imatrix(written.imatrix),
    quants: quantEntries(written.quants, '/quants'),
    compare: maker.compare(written.compare ?? []),
    evaluate: maker.evaluate(written.evaluate),
    arithmetic: written.arithmetic === true ? 'all' : written.arithmetic || [],
    choices: maker.choices(written.choices ?? {}),
    bench: bench(written.bench),
    load: load(written.load),
    samples: maker.samples(written.samples),
    recommend: recommendEntries(written.recommend),
    keep: written.keep ?? 'all',
    requantize: written.requantize ?? false,
    tools: maker.tools(written.tools ?? {}),
    gates: maker.gates(written),
    notify: maker.notify(written.notify),
    publish: maker.publish(written.publish),
    places: placesOf(around.origins),
  };
}

class Maker {
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  model(written: WrittenPipeline['model']): ModelSource {
    if (typeof written === 'string') {
      const hub = hubName(written);
      const kind = !hub && written.endsWith('.gguf') ? 'gguf' : 'folder';
      return { kind, name: null, trust: [], companions: [], adapter: null, ...(hub ? onHub(hub) : this.here(written, '/model')) };
    }
    const { path = '.', gguf, repo, revision, name = null, trust = [], companions = [] } = written;
    const rest = { name, trust, companions, adapter: written.adapter === undefined ? null : this.adapter(written.adapter) };
    if (repo !== undefined) return { kind: 'folder', ...rest, ...onHub({ repo, revision }) };
    if (gguf === undefined) return { kind: 'folder', ...rest, ...this.here(path, '/model/path') };
    return { kind: 'gguf', ...rest, ...(typeof gguf === 'string' ? this.here(gguf, '/model/gguf') : onHub(gguf)) };
  }

  private adapter(written: WrittenAdapter): Somewhere {
    const hub = typeof written === 'string' ? hubName(written) : null;
    if (hub) return onHub(hub);
    if (typeof written === 'string') return this.here(written, '/model/adapter');
    const { path = '', repo, revision } = written;
    return repo === undefined ? this.here(path, '/model/adapter/path') : onHub({ repo, revision });
  }

  imatrix(written: WrittenPipeline['imatrix'] = 'default'): ImatrixSource | null {
    if (written === 'none') return null;
    if (typeof written === 'string' && /\.(gguf|dat)$/.test(written))
      return { kind: 'file', missing: 'error', ...this.here(written, '/imatrix') };
    const {
      text = 'default',
      chunks = 128,
      from = 'base',
      file,
      missing = 'error',
    } = typeof written === 'string' ? { text: written } : written;
    if (file !== undefined)
      return { kind: 'file', missing, ...(typeof file === 'string' ? this.here(file, '/imatrix/file') : onHub(file)) };
    const at = typeof written === 'string' ? '/imatrix' : '/imatrix/text';
    return { kind: 'compute', text: this.text(text, at, this.#around.builtinTexts.calibration), chunks, from, missing };
  }

  evaluate(written: WrittenPipeline['evaluate'] = 'default'): Evaluation[] {
    if (written === 'none') return [];
    return Array.isArray(written)
      ? written.map((one, i) => this.evaluation(one, below('/evaluate', i)))
      : [this.evaluation(written, '/evaluate')];
  }

  private evaluation(written: WrittenEvaluation, at: string): Evaluation {
    const { name, text: source = 'default', context = 512, chunks = 64 } = typeof written === 'string' ? { text: written } : written;
    const text = this.text(source, typeof written === 'string' ? at : `${at}/text`, this.#around.builtinTexts.evaluation);
    return { name: name ?? textTag(text.name), text, context, chunks, at };
  }

  choices(written: NonNullable<WrittenPipeline['choices']>): ChoiceQuestions[] {
    return choiceKeys.flatMap(([key, task]) => {
      const one = written[key];
      if (one === undefined) return [];
      const at = `/choices/${key}`;
      const { questions = 400, ...file } = typeof one === 'string' ? { path: one } : one;
      const name = basename(file.member ?? file.path ?? file.file ?? '');
      // A string has no part of its own to point at.
      const source = typeof one === 'string' ? { ...this.here(one, at), name, part: null, expected: null } : this.textObject(file, at);
      return [{ task, file: source, questions, at }];
    });
  }

  compare(written: NonNullable<WrittenPipeline['compare']>): CompareEntry[] {
    return written.map((entry, i) => {
      const at = below('/compare', i);
      const hub = typeof entry === 'string' ? hubName(entry) : null;
      if (hub) return { ...onHub({ ...hub, file: hub.rest }), name: comparedName(hub.rest ?? '', hub.repo), as: 'same', at };
      const { path = '', repo, file = '', revision, name, as = 'same' } = typeof entry === 'string' ? { path: entry } : entry;
      if (repo !== undefined) return { ...onHub({ repo, revision, file }), name: name ?? comparedName(file, repo), as, at };
      return { ...this.here(path, at), name: name ?? basename(path, '.gguf'), as, at };
    });
  }

  tools({ llamaCpp, python, gpuLayers, threads = 'auto', args = {} }: NonNullable<WrittenPipeline['tools']>): ToolSettings {
    return {
      llamaCppPath: llamaCpp?.path === undefined ? null : this.here(llamaCpp.path, '/tools/llamaCpp/path').path,
      cmake: llamaCpp?.cmake ?? [],
      python: python?.includes('/') ? this.here(python, '/tools/python').path : (python ?? null),
      gpuLayers: gpuLayers ?? null,
      threads,
      args: Object.fromEntries(Object.entries(args).map(([tool, values]) => [tool, (values ?? []).map(String)])),
    };
  }

  samples(written: WrittenPipeline['samples'] = 'none'): SampleSettings | null {
    if (written === 'none') return null;
    const { prompts, file, tokens = 64, template = 'auto', system = null } = written === 'default' ? {} : written;
    const here = file === undefined ? namedPrompts(prompts ?? defaultPrompts) : this.here(file, '/samples/file');
    return { prompts: here, tokens, template, system };
  }

  gates({ gates, model, evaluate }: WrittenPipeline): GateSettings {
    const [first] = this.evaluate(evaluate);
    return gateSettings(gates, {
      isFineTune: this.model(model).adapter !== null && first !== undefined,
      firstText: first?.name ?? null,
      here: (path, at) => this.here(path, at).path,
    });
  }

  notify(written: WrittenPipeline['notify']): Notification[] {
    return notifications(written, (path, at) => this.here(path, at).path);
  }

  publish(written: WrittenPipeline['publish']): Destination[] {
    return destinations(written, (path, at) => this.here(path, at).path);
  }

  private text(written: string | WrittenText, at: string, builtin: string): TextSource {
    const whole = { part: null, expected: null };
    if (typeof written !== 'string') return this.textObject(written, at);
    if (!isNamedText(written)) return { ...this.here(written, at), name: basename(written), ...whole };
    const named = namedText(written);
    if (!named) return { path: builtin, name: 'default', ...whole };
    const { repo, repoType, commit, file } = named.source;
    return {
      ...onHub({ repo, revision: commit, file }, repoType),
      name: named.name,
      part: partOf(named.source),
      expected: named.text,
    };
  }

  private textObject(written: WrittenText, at: string): TextSource {
    if (written.chat !== undefined) return this.chat(written.chat, `${at}/chat`, pinned(written));
    const { path = '', repo, repoType = 'dataset', file = '', revision, member, column } = written;
    const part = partOf({ member, column });
    const name = basename(member ?? (repo === undefined ? path : file));
    if (repo !== undefined) return { ...onHub({ repo, revision, file }, repoType), name, part, expected: null };
    return { ...this.here(path, `${at}/path`), name, part, expected: null, ...pinned(written) };
  }

  private chat(written: NonNullable<WrittenText['chat']>, at: string, digest: Pick<TextSource, 'fileSha256'>): TextSource {
    const rest = { part: null, chat: true, expected: null } as const;
    if (typeof written === 'string') return { ...this.here(written, at), name: basename(written), ...rest, ...digest };
    const { repo, repoType = 'dataset', file, revision } = written;
    return { ...onHub({ repo, revision, file }, repoType), name: basename(file), ...rest };
  }

  /** A path belongs to the file it was written in, which need not be the one that was loaded. */
  private here(written: string, at: string): Here {
    const { origins, env } = this.#around;
    return { path: absolutePath(written, originOf(origins, at)?.folder ?? '.', env) };
  }
}

type WrittenText = Extract<NonNullable<Exclude<WrittenPipeline['imatrix'], string | undefined>['text']>, object>;

type WrittenAdapter = NonNullable<Exclude<WrittenPipeline['model'], string>['adapter']>;

type WrittenEvaluation = Exclude<NonNullable<WrittenPipeline['evaluate']>, unknown[]>;

/** By the words of a pipeline, which has no hyphens in its keys. */
const choiceKeys = [
  ['hellaswag', 'hellaswag'],
  ['winogrande', 'winogrande'],
  ['multipleChoice', 'multiple-choice'],
] as const;

function onHub({ repo, revision = 'main', file }: WrittenHub, type: HubSource['type'] = 'model'): OnHub {
  return { hub: { type, repo, revision, file: file ?? null } };
}

interface WrittenHub {
  repo: string;
  revision?: string | undefined;
  file?: string | undefined;
}

function pinned({ sha256 }: { sha256?: string | undefined }): Pick<TextSource, 'fileSha256'> {
  return sha256 === undefined ? {} : { fileSha256: sha256 };
}

function partOf({ member, column }: { member?: string | undefined; column?: string | undefined }): TextPart | null {
  if (member !== undefined) return { member };
  return column === undefined ? null : { column };
}

/** A file names its row; a type alone would be the name of one of ours. */
function comparedName(file: string, repo: string): string {
  if (file.endsWith('.gguf')) return basename(file, '.gguf').replace(/-\d{5}-of-\d{5}$/, '');
  return `${basename(repo)}-${file}`;
}

function quantEntries(written: WrittenPipeline['quants'], at: string): QuantEntry[] {
  if (Array.isArray(written)) return written.flatMap((entry, i) => quantEntries(entry, below(at, i)));
  const entry = typeof written === 'string' ? { type: written } : written;
  const { type, name = null, tensors = {}, pure = false, leaveOutput = false, overrideKv = [], imatrix = true } = entry;
  return [{ type, name, tensors, pure, leaveOutput, overrideKv, imatrix, at }];
}

/** The file's stem, as far as it can name a folder. */
function nameOfFile(file: string | null): string {
  if (file === null) return 'pipeline';
  return (
    basename(file, extname(file))
      .replace(/[^\p{L}\p{N}_.-]+/gu, '-')
      .replace(/^[.-]+/, '') || 'pipeline'
  );
}

function placesOf(origins: Map<string, Origin>): Record<string, Place> {
  return Object.fromEntries([...origins].flatMap(([at, { value }]) => (value ? [[at, value]] : [])));
}
