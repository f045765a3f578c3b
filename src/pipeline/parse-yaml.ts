import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, Scalar, type YAMLError, type YAMLMap } from 'yaml';
import type { Diagnostic } from './diagnostic.ts';
import type { Place } from './pipeline.ts';
import type { Origin, Tree } from './tree.ts';

/** A pipeline's text and where it comes from; `file` is null for text that was never saved. */
export interface Source {
  file: string | null;
  folder: string;
  text: string;
}

/** The tree is null when the text is not YAML. */
export interface Parsed {
  tree: Tree | null;
  diagnostics: Diagnostic[];
}

type PlaceAt = (offset: number) => Place | null;

/** Far beyond any pipeline; a few lines of aliases can stand for billions of nodes. */
const nodeLimit = 20_000;
const depthLimit = 40;

export function parseYaml(source: Source): Parsed {
  const lines = new LineCounter();
  const document = parseDocument(source.text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const placeAt: PlaceAt = (offset) => {
    const { line, col } = lines.linePos(offset);
    return source.file === null ? null : { file: source.file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const errors = withoutEchoes([...document.errors, ...document.warnings], lines);
  if (errors.length > 0) return { tree: null, diagnostics: errors.map((error) => explained(error, source.text, placeAt)) };
  return new TreeMaker(source.folder, placeAt).make(document.contents);
}

class TreeMaker {
  readonly #folder: string;
  readonly #placeAt: PlaceAt;
  readonly #anchors = new Map<string, Node>();
  readonly #diagnostics: Diagnostic[] = [];
  #unresolved = false;
  #nodes = 0;

  constructor(folder: string, placeAt: PlaceAt) {
    this.#folder = folder;
    this.#placeAt = placeAt;
  }

  make(contents: Node | null): Parsed {
    const tree = this.tree(contents, null, 0);
    if (this.#nodes > nodeLimit) return { tree: null, diagnostics: [tooMuch(this.#placeAt)] };
    return { tree: this.#unresolved ? null : tree, diagnostics: this.#diagnostics };
  }

  private tree(node: Node | null, key: Place | null, depth: number): Tree {
    this.#nodes += depth > depthLimit ? nodeLimit : 1;
    const origin = this.origin(node, key);
    if (this.#nodes > nodeLimit) return { kind: 'scalar', origin, value: null };
    if (isAlias(node)) return this.tree(this.anchored(node.source, origin.value), key, depth + 1);
    if (node?.anchor) this.#anchors.set(node.anchor, node);
    if (isSeq(node)) return { kind: 'list', origin, items: node.items.map((item) => this.tree(item as Node | null, null, depth + 1)) };
    if (isMap(node)) return { kind: 'map', origin, entries: this.entries(node, depth) };
    return { kind: 'scalar', origin, value: isScalar(node) ? node.value : null };
  }

  private entries(map: YAMLMap, depth: number): Map<string, Tree> {
    const entries = new Map<string, Tree>();
    for (const pair of map.items) {
      const key = pair.key as Node | null;
      const place = this.#placeAt(key?.range?.[0] ?? map.range?.[0] ?? 0);
      const name = isScalar(key) && key.value !== null ? String(key.value) : null;
      const earlier = name === null ? undefined : entries.get(name);
      if (name === null) this.complain('a key must be a plain word', place);
      else if (earlier)
        this.complain(`key \`${name}\` is written twice`, place, { message: 'the first one is here', place: earlier.origin.key });
      else entries.set(name, this.tree(pair.value as Node | null, place, depth + 1));
    }
    return entries;
  }

  private anchored(name: string, place: Place | null): Node | null {
    const node = this.#anchors.get(name) ?? null;
    if (!node) this.complain(`\`*${name}\` refers to no \`&${name}\` above it`, place);
    this.#unresolved ||= !node;
    return node;
  }

  private origin(node: Node | null, key: Place | null): Origin {
    const value = isEmpty(node) ? (key ?? this.#placeAt(0)) : this.#placeAt(node?.range?.[0] ?? 0);
    return { key, value, folder: this.#folder, plain: isScalar(node) && node.type === Scalar.PLAIN };
  }

  private complain(message: string, place: Place | null, related?: NonNullable<Diagnostic['related']>[number]): void {
    this.#diagnostics.push({ severity: 'error', message, place, ...(related ? { related: [related] } : {}) });
  }
}

/** A key with nothing behind it has a null whose place says little. */
function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null && node.source === '');
}

/** One slip often makes the parser stumble several times over the same line, and lose the thread for the rest. */
function withoutEchoes(errors: YAMLError[], lines: LineCounter): YAMLError[] {
  const line = (error: YAMLError) => lines.linePos(error.pos[0]).line;
  return errors.filter(
    (error, i) => i === 0 || (error.code !== 'UNEXPECTED_TOKEN' && errors.findIndex((other) => line(other) === line(error)) === i),
  );
}

function explained(error: YAMLError, text: string, placeAt: PlaceAt): Diagnostic {
  if (error.code === 'RESOURCE_EXHAUSTION') return tooMuch(placeAt);
  return { severity: 'error', place: placeAt(error.pos[0]), ...inOurWords(error, text) };
}

/** The parser's own sentences are for people who know YAML's grammar. */
function inOurWords({ code, message, pos: [start] }: YAMLError, text: string): { message: string; fix?: string } {
  if (code === 'TAB_AS_INDENT') return { message: 'a tab cannot indent in YAML', fix: 'use spaces' };
  if (code === 'MULTIPLE_DOCS') return { message: 'a second document starts here (`---`)', fix: 'one file holds one pipeline' };
  if (code === 'TAG_RESOLVE_FAILED')
    return { message: 'YAML tags (`!name`) have no meaning here', fix: 'put quotes around a value that starts with `!`' };
  if (/\$\{?$/.test(text.slice(0, start)) || text.slice(start).startsWith('${'))
    return { message: 'a variable needs quotes between [ ] and { }', fix: `write "\${NAME}"` };
  if (code === 'BAD_SCALAR_START') return { message: `not YAML: ${message}`, fix: 'put quotes around the value' };
  if (code === 'BLOCK_AS_IMPLICIT_KEY')
    return {
      message: 'not YAML: a second `key:` in one value',
      fix: 'check the indentation, or put quotes around a value that contains `: `',
    };
  const [, bracket] = /^Flow .* end with a (.)$/.exec(message) ?? [];
  if (bracket) return { message: `not YAML: a \`${bracket}\` is missing before this line`, fix: 'close what was opened' };
  if (message.startsWith('Missing closing'))
    return { message: 'not YAML: a closing quote is missing', fix: 'look for the last one that opens' };
  return { message: `not YAML: ${message}` };
}

function tooMuch(placeAt: PlaceAt): Diagnostic {
  return { severity: 'error', message: 'this is no pipeline: it is nested too deep, or its aliases (`*name`) multiply', place: placeAt(0) };
}
