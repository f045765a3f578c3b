import type { Place } from './pipeline.ts';

/** A parsed document that still knows where each part was written: files that extend each other are merged in this form. */
export type Tree =
  | { kind: 'map'; origin: Origin; entries: Map<string, Tree> }
  | { kind: 'list'; origin: Origin; items: Tree[] }
  | { kind: 'scalar'; origin: Origin; value: unknown };

export interface Origin {
  /** Places are null for text that lies in no file. */
  key: Place | null;
  value: Place | null;
  /** Relative paths start here. */
  folder: string;
  /** Written without quotes: YAML decides whether it is a number. */
  plain: boolean;
}

/** The plain value of a tree, and the origins of its parts by JSON pointer. */
export interface Flat {
  value: unknown;
  origins: Map<string, Origin>;
}

export function flatten(tree: Tree): Flat {
  const origins = new Map<string, Origin>();
  const unfolded = (node: Tree, at: string): unknown => {
    origins.set(at, node.origin);
    if (node.kind === 'list') return node.items.map((item, i) => unfolded(item, below(at, i)));
    if (node.kind === 'scalar') return node.value;
    return Object.fromEntries([...node.entries].map(([key, member]) => [key, unfolded(member, below(at, key))]));
  };
  return { value: unfolded(tree, ''), origins };
}

/** JSON pointer (RFC 6901) of a part. */
export function below(at: string, part: string | number): string {
  return `${at}/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function pointer(path: readonly PropertyKey[]): string {
  return path.reduce<string>((at, part) => below(at, String(part)), '');
}

/** The origin of a part, or of the nearest part around it that was written. */
export function originOf(origins: Map<string, Origin>, at: string): Origin | undefined {
  return origins.get(at) ?? (at === '' ? undefined : originOf(origins, at.slice(0, at.lastIndexOf('/'))));
}
