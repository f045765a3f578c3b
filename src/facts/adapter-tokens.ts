import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../errors.ts';
import { parseObject } from './parse-json.ts';
import { readSmall } from './read-small.ts';

/**
 * One more than the highest number of a token; null where the adapter has no tokenizer, or none that can be counted. Throws UserError for one that
 * neither transformers nor the converter would read.
 * @param base the model's folder: its vocabulary counts where the adapter has none
 */
export function tokensIn(folder: string, base: string): number | null {
  const own = readTokenizer(folder);
  if (own.added.length > 0) refuseDoubles(own.added, own.vocabulary ?? readTokenizer(base).vocabulary ?? []);
  const ids = [...(own.vocabulary ?? []), ...own.added].map(({ id }) => id);
  const highest = ids.reduce((most, id) => Math.max(most, id), -1);
  return highest < 0 ? null : highest + 1;
}

interface Token {
  text: string;
  id: number;
  /** Where it is said. */
  file: string;
}

/** Vocabulary and added tokens; the vocabulary is null where it is in no file that is read here (SentencePiece), or in none at all. */
function readTokenizer(folder: string): { vocabulary: Token[] | null; added: Token[] } {
  const whole = contentOf(folder, 'tokenizer.json', tokenizer);
  const said = contentOf(folder, 'tokenizer_config.json', settings);
  const alone = contentOf(folder, 'vocab.json', numbers);
  const beside = contentOf(folder, 'added_tokens.json', numbers);
  const added = [
    ...(whole?.content.added_tokens ?? []).map(({ id, content: text }) => ({ text, id, file: whole?.file ?? '' })),
    ...Object.entries(said?.content.added_tokens_decoder ?? {}).map(([id, { content: text }]) => ({
      text,
      id: Number(id),
      file: said?.file ?? '',
    })),
    ...tokensOf(beside?.content ?? {}, beside?.file),
  ];
  if (whole) return { vocabulary: tokensOf(whole.content.model?.vocab ?? {}, whole.file), added };
  return { vocabulary: alone && tokensOf(alone.content, alone.file), added };
}

function tokensOf(vocabulary: Record<string, number> | [string, number][], file = ''): Token[] {
  return Array.isArray(vocabulary)
    ? vocabulary.map(([text], id) => ({ text, id, file }))
    : Object.entries(vocabulary).map(([text, id]) => ({ text, id, file }));
}

const id = z.int('the number of a token is a whole number').nonnegative('the number of a token is 0 or more');

/** By hand: of a quarter of a million tokens a schema for each takes a second. */
const numbers = z.custom<Record<string, number>>(isObject, 'it holds numbers by tokens').superRefine((content, { addIssue }) => {
  const odd = Object.entries(content).find(([, number]) => !(Number.isInteger(number) && number >= 0));
  if (odd) addIssue({ code: 'custom', path: [odd[0]], message: id.safeParse(odd[1]).error?.issues[0]?.message ?? '' });
});

const tokenizer = z.object({
  model: z
    .object({ vocab: z.union([numbers, z.custom<[string, number][]>((list) => Array.isArray(list) && list.every(isScored))]).nullish() })
    .nullish(),
  added_tokens: z.array(z.object({ id, content: z.string() })).nullish(),
});

const settings = z.object({ added_tokens_decoder: z.record(z.string().regex(/^\d+$/), z.object({ content: z.string() })).nullish() });

function contentOf<T>(folder: string, name: string, schema: z.ZodType<T>): { content: T; file: string } | null {
  const file = join(folder, name);
  if (!existsSync(file)) return null;
  const read = schema.safeParse(parseObject(readSmall(file), file));
  if (read.success) return { content: read.data, file };
  const { path, message } = deepest(read.error.issues[0]);
  throw new UserError(`${file}: ${path.join('.')}: ${message}: save the tokenizer again`);
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScored(token: unknown): boolean {
  return Array.isArray(token) && typeof token[0] === 'string';
}

/** Of several forms that something may have, the last is told of. */
function deepest(issue: z.core.$ZodIssue | undefined): Pick<z.core.$ZodIssue, 'path' | 'message'> {
  if (issue?.code !== 'invalid_union') return issue ?? { path: [], message: 'it is of another form' };
  const inner = deepest(issue.errors[0]?.[0]);
  return { ...inner, path: [...issue.path, ...inner.path] };
}

/** Two tokens of one number, or one of two: which of them holds depends on who reads the files. */
function refuseDoubles(added: Token[], vocabulary: Token[]): void {
  const texts = new Map(vocabulary.map(({ id: number, text }) => [number, text]));
  const ids = new Map(vocabulary.map(({ id: number, text }) => [text, number]));
  for (const { text, id: number, file } of added) {
    const [otherText, otherId] = [texts.get(number), ids.get(text)];
    if (otherText !== undefined && otherText !== text)
      throw new UserError(
        `${file}: the tokens ${JSON.stringify(otherText)} and ${JSON.stringify(text)} are both ${number}: save the tokenizer again`,
      );
    if (otherId !== undefined && otherId !== number)
      throw new UserError(`${file}: the token ${JSON.stringify(text)} is ${number}, and elsewhere ${otherId}: save the tokenizer again`);
    texts.set(number, text);
    ids.set(text, number);
  }
}
