import { isMap, parseDocument } from 'yaml';
import { UserError } from '../../errors.ts';

export interface CardParts {
  /** Text of the YAML between the dashes; null where there is none. */
  yaml: string | null;
  body: string;
}

export function cardParts(card: string): CardParts {
  const found = /^\uFEFF?---\r?\n([\s\S]*?)(?:^|\n)---[ \t]*(?:\r?\n|$)/.exec(card);
  return found ? { yaml: found[1] ?? '', body: card.slice(found[0].length) } : { yaml: null, body: card };
}

/** The fields of a card, as far as they can be read; empty for one without any. */
export function cardFields(card: string): Record<string, unknown> {
  const document = parseDocument(cardParts(card).yaml ?? '');
  const value: unknown = document.errors.length > 0 ? null : document.toJS();
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** Tags that are qpipe's to add and to take away. */
const ownTags = ['gguf', 'llama-cpp', 'quantized', 'imatrix'];

/**
 * Metadata with these fields, beside those that people have added; their tags stay as well. Throws UserError for metadata that cannot be read.
 * @param fields undefined ones leave what is there
 */
export function withFields(yaml: string | null, fields: Record<string, unknown>): string {
  const document = parseDocument(yaml ?? '');
  const [problem] = document.errors;
  if (problem)
    throw new UserError(
      `the metadata of the card that is there cannot be read (${problem.message.split('\n')[0]}); mend README.md by hand, and publish again`,
    );
  if (document.contents !== null && !isMap(document.contents))
    throw new UserError('the metadata of the card that is there is no list of fields; mend README.md by hand, and publish again');
  if (document.contents === null) document.contents = document.createNode({}) as unknown as typeof document.contents;
  for (const [key, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    document.set(key, document.createNode(key === 'tags' ? withTags(document.toJS() as { tags?: unknown }, value as string[]) : value));
  }
  return document.toString({ lineWidth: 0 });
}

function withTags({ tags: written }: { tags?: unknown }, tags: string[]): string[] {
  const before = Array.isArray(written) ? written.map(String) : [];
  const theirs = before.filter((tag) => !ownTags.includes(tag));
  return [...new Set([...tags, ...theirs])];
}
