import { dirname } from 'node:path';
import { type Diagnostic, shownPath } from './diagnostic.ts';
import { type Parsed, parseYaml, type Source } from './parse-yaml.ts';
import { absolutePath } from './paths.ts';
import type { Place } from './pipeline.ts';
import { readPipelineText } from './read-text.ts';
import type { Tree } from './tree.ts';
import { type Environment, expandText } from './variables.ts';

/** Parses a pipeline and puts the files it extends underneath: the first one lowest, its own words on top. */
export function parseWithExtended(source: Source, env: Environment): Parsed {
  return new Extending(env).parse(source, []);
}

class Extending {
  readonly #env: Environment;
  /** Each file once, however many others extend it. */
  readonly #done = new Map<string, Parsed>();

  constructor(env: Environment) {
    this.#env = env;
  }

  parse(source: Source, chain: string[]): Parsed {
    const { tree, diagnostics } = parseYaml(source);
    if (tree?.kind !== 'map') return { tree, diagnostics };
    const named = extendedPaths(tree, this.#env);
    const layers = named.files.map(({ path, place }) => this.layer(path, place, source.file === null ? chain : [...chain, source.file]));
    const own: Tree = { ...tree, entries: new Map([...tree.entries].filter(([key]) => key !== 'extends')) };
    return {
      tree: [...layers.flatMap((layer) => layer.tree ?? []), own].reduce(merge),
      diagnostics: [...diagnostics, ...named.diagnostics, ...layers.flatMap((layer) => layer.diagnostics)],
    };
  }

  private layer(path: string, place: Place | null, chain: string[]): Parsed {
    if (chain.includes(path)) {
      const circle = [...chain.slice(chain.indexOf(path)), path].map(shownPath).join(' -> ');
      return failed({ message: `files that extend each other: ${circle}`, place });
    }
    const done = this.#done.get(path);
    if (done) return { ...done, diagnostics: [] };
    const read = readPipelineText(path);
    if (!read.ok) return failed({ ...read, place });
    const parsed = this.parse({ file: path, folder: dirname(path), text: read.text }, chain);
    this.#done.set(path, parsed);
    if (parsed.tree && parsed.tree.kind !== 'map') return failed({ message: `\`${shownPath(path)}\` holds no pipeline`, place });
    return parsed;
  }
}

/** Maps merge key by key; everything else replaces what lies underneath. */
function merge(under: Tree, over: Tree): Tree {
  if (under.kind !== 'map' || over.kind !== 'map') return over;
  const entries = new Map(under.entries);
  for (const [key, member] of over.entries) {
    const below = entries.get(key);
    entries.set(key, below ? merge(below, member) : member);
  }
  return { ...over, entries };
}

function extendedPaths(tree: Tree & { kind: 'map' }, env: Environment) {
  const written = tree.entries.get('extends');
  const files: { path: string; place: Place | null }[] = [];
  const diagnostics: Diagnostic[] = [];
  const items = written === undefined ? [] : written.kind === 'list' ? written.items : [written];
  for (const item of items) {
    const place = item.origin.value;
    if (item.kind !== 'scalar' || typeof item.value !== 'string') {
      diagnostics.push({ severity: 'error', message: 'expected the path of a pipeline file', fix: 'write `extends: ./base.yaml`', place });
      continue;
    }
    const { text, problems } = expandText(item.value, env);
    diagnostics.push(...problems.map((problem) => ({ ...problem, severity: 'error' as const, place })));
    if (problems.length === 0) files.push({ path: absolutePath(text, item.origin.folder, env), place });
  }
  return { files, diagnostics };
}

function failed({ message, fix, place }: { message: string; fix?: string; place: Place | null }): Parsed {
  return { tree: null, diagnostics: [{ severity: 'error', message, ...(fix === undefined ? {} : { fix }), place }] };
}
