import { basename } from 'node:path';
import { hubName } from '../../pipeline/hub-name.ts';
import { absolutePath } from '../../pipeline/paths.ts';
import { type Origin, originOf } from '../../pipeline/tree.ts';
import type { Environment } from '../../pipeline/variables.ts';
import { isNamedText } from '../../pipeline/written-texts.ts';
import { sha256FileSync } from '../../store/digest.ts';
import { namesPath } from '../private-arguments.ts';
import { refersToRuns } from './refers-to-runs.ts';

/** A file of this machine that a pipeline measures with. */
export interface NamedFile {
  /** Beside the pipeline. */
  path: string;
  /** Absolute. */
  file: string;
  sha256: string;
}

export interface Moved {
  value: Written;
  texts: NamedFile[];
  /** What is not beside the pipeline, in sentences. */
  missing: string[];
}

type Written = Record<string, unknown>;

/** Writes a pipeline's paths anew, for a folder that holds the pipeline and its texts alone. The form is right: it has been run. */
export class Mover {
  readonly #origins: Map<string, Origin>;
  readonly #env: Environment;
  readonly #digests: Map<string, string>;
  readonly #texts = new Map<string, NamedFile>();
  readonly #missing: string[] = [];

  constructor(origins: Map<string, Origin>, env: Environment, digests: Map<string, string>) {
    this.#origins = origins;
    this.#env = env;
    this.#digests = digests;
  }

  move({ name, model, imatrix, evaluate, choices, samples, compare, gates, tools, ...rest }: Written): Moved {
    const value: Written = {
      name,
      model: this.model(model),
      ...rest,
      imatrix: this.imatrix(imatrix),
      evaluate: Array.isArray(evaluate)
        ? evaluate.map((one, i) => this.evaluation(one, `/evaluate/${i}`))
        : this.evaluation(evaluate, '/evaluate'),
      choices: isMap(choices) ? mapped(choices, (one, key) => this.text(one, `/choices/${key}`)) : choices,
      samples: isMap(samples) && typeof samples['file'] === 'string' ? this.samples(samples, samples['file']) : samples,
      compare: Array.isArray(compare) ? this.compare(compare) : compare,
      gates: this.gates(gates),
      tools: isMap(tools) ? this.tools(tools) : tools,
    };
    const said = Object.entries(value).filter(([, part]) => part !== undefined);
    return { value: Object.fromEntries(said), texts: [...this.#texts.values()], missing: this.#missing };
  }

  private model(model: unknown): unknown {
    if (typeof model === 'string') return hubName(model) ? model : this.own('model', model);
    if (!isMap(model)) return model;
    const { path, gguf, adapter } = model;
    return {
      ...model,
      ...(typeof path === 'string' ? { path: this.own('model', path) } : {}),
      ...(typeof gguf === 'string' ? { gguf: this.own('model', gguf) } : {}),
      ...(typeof adapter === 'string' && !hubName(adapter) ? { adapter: this.own('adapter', adapter) } : {}),
      ...(isMap(adapter) && typeof adapter['path'] === 'string' ? { adapter: { path: this.own('adapter', adapter['path']) } } : {}),
    };
  }

  private imatrix(imatrix: unknown): unknown {
    if (typeof imatrix === 'string' && /\.(gguf|dat)$/.test(imatrix)) return this.own('importance matrix', imatrix);
    if (typeof imatrix === 'string') return imatrix === 'none' || isNamedText(imatrix) ? imatrix : { text: this.text(imatrix, '/imatrix') };
    if (!isMap(imatrix)) return imatrix;
    if (typeof imatrix['file'] === 'string') return { ...imatrix, file: this.own('importance matrix', imatrix['file']) };
    return imatrix['text'] === undefined ? imatrix : { ...imatrix, text: this.text(imatrix['text'], '/imatrix/text') };
  }

  private evaluation(one: unknown, at: string): unknown {
    if (typeof one === 'string') return one === 'none' || isNamedText(one) ? one : { text: this.text(one, at) };
    return isMap(one) && one['text'] !== undefined ? { ...one, text: this.text(one['text'], `${at}/text`) } : one;
  }

  /** A text in any of its forms; one of the Hub, or with a name, stays as it is. */
  private text(text: unknown, at: string): unknown {
    if (typeof text === 'string') return isNamedText(text) ? text : this.beside(text, at, 'path');
    if (!isMap(text)) return text;
    const key = ['path', 'chat'].find((one) => typeof text[one] === 'string');
    return key === undefined ? text : { ...text, ...this.beside(String(text[key]), `${at}/${key}`, key) };
  }

  private beside(written: string, at: string, key: string): Written {
    const { path, sha256 } = this.named(written, at);
    return { [key]: `./${path}`, sha256 };
  }

  private samples(samples: Written, file: string): Written {
    return { ...samples, file: `./${this.named(file, '/samples/file').path}` };
  }

  /** Under its own name, which is part of what a run calls its numbers; without what would break a line of SHA256SUMS. */
  private named(written: string, at: string): NamedFile {
    const file = absolutePath(written, originOf(this.#origins, at)?.folder ?? '.', this.#env);
    const taken = [...this.#texts.values()].map(({ path }) => path.toLowerCase());
    const name = basename(file).replace(/[\p{Cc}\\]/gu, '_');
    const free = (n: number): string => {
      const path = n === 1 ? `texts/${name}` : `texts/${n}/${name}`;
      return taken.includes(path.toLowerCase()) ? free(n + 1) : path;
    };
    const named = this.#texts.get(file) ?? { path: free(1), file, sha256: this.#digests.get(file) ?? sha256FileSync(file) };
    this.#texts.set(file, named);
    return named;
  }

  private compare(compare: unknown[]): unknown[] | undefined {
    const isOnHub = (one: unknown) => (typeof one === 'string' ? hubName(one) !== null : isMap(one) && one['repo'] !== undefined);
    const stay = compare.filter(isOnHub);
    if (stay.length < compare.length) this.#missing.push('`compare` is without the files of the machine that it was run on.');
    return stay.length > 0 ? stay : undefined;
  }

  private gates(gates: unknown): unknown {
    if (!refersToRuns(gates)) return gates;
    this.#missing.push('`gates` are left out: they stand beside runs of the machine that it was run on.');
    return undefined;
  }

  private tools({ llamaCpp, python, ...rest }: Written): Written | undefined {
    const build = isMap(llamaCpp) && llamaCpp['path'] !== undefined;
    if (build) this.#missing.push('It was run with a build of llama.cpp that was there already: other builds may give other numbers.');
    const tools = { ...rest, ...(llamaCpp === undefined || build ? {} : { llamaCpp }) };
    const isOfMachine = typeof python === 'string' && python.includes('/');
    const all: Written = { ...tools, ...(python === undefined || isOfMachine ? {} : { python }) };
    const { args } = all;
    const own = {
      ...all,
      ...(isMap(all['llamaCpp']) ? { llamaCpp: mapped(all['llamaCpp'], (part) => this.withoutPaths(part)) } : {}),
      ...(isMap(args) ? { args: mapped(args, (part) => this.withoutPaths(part)) } : {}),
    };
    return Object.keys(own).length > 0 ? own : undefined;
  }

  /** With a path goes the flag that it belongs to. */
  private withoutPaths(list: unknown): unknown {
    if (!Array.isArray(list)) return list;
    const words = list.map(String);
    const isFlagOf = (flag: string, next = '') => /^-[^=]*$/.test(flag) && /^~?\//.test(next);
    const stay = words.filter((word, i) => !namesPath(word) && !isFlagOf(word, words[i + 1]));
    if (stay.length < words.length && !this.#missing.includes(withoutArguments)) this.#missing.push(withoutArguments);
    return stay;
  }

  /** What is somebody's own, and large: a stranger has to put it there. */
  private own(what: string, written: string): string {
    const path = `./${basename(written)}`;
    this.#missing.push(`The ${what} is of the machine that it was run on, and was not published: ${path} is to be put here.`);
    return path;
  }
}

const withoutArguments = '`tools` is without the arguments that name places of the machine that it was run on.';

function isMap(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mapped(map: Written, change: (part: unknown, key: string) => unknown): Written {
  return Object.fromEntries(Object.entries(map).map(([key, part]) => [key, change(part, key)]));
}
