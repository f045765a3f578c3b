import { laterMark } from './later.ts';
import { jsonSchema } from './schema.ts';

interface SchemaNode {
  $ref?: string;
  anyOf?: SchemaNode[];
  properties?: Record<string, SchemaNode>;
  items?: SchemaNode;
  description?: string;
  examples?: unknown[];
  $defs?: Record<string, SchemaNode>;
}

/** The keys that may stand in the map at this path. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  const keys = nodesAt(path).flatMap((node) => Object.entries(node.properties ?? {}));
  return keys.flatMap(([key, { description }]) => (description?.startsWith(laterMark) ? [] : key));
}

/** An example of what may stand at this path. */
export function exampleAt(path: readonly PropertyKey[]): unknown {
  return nodesAt(path).find((node) => node.examples)?.examples?.[0];
}

function nodesAt(path: readonly PropertyKey[]): SchemaNode[] {
  const root = jsonSchema() as SchemaNode;
  const start = alternatives(root, root);
  return path.reduce<SchemaNode[]>((nodes, part) => nodes.flatMap((node) => alternatives(child(node, part), root)), start);
}

function child(node: SchemaNode, part: PropertyKey): SchemaNode | undefined {
  return typeof part === 'number' ? node.items : node.properties?.[String(part)];
}

/** A node and everything it may be instead. */
function alternatives(node: SchemaNode | undefined, root: SchemaNode): SchemaNode[] {
  if (!node) return [];
  const referred = node.$ref ? root.$defs?.[node.$ref.replace('#/$defs/', '')] : undefined;
  return [node, ...[referred, ...(node.anyOf ?? [])].flatMap((other) => alternatives(other, root))];
}
