import type { z } from 'zod';
import { didYouMean, nearest } from './nearest.ts';
import { type Problem, withMore, withoutConsequences } from './problem.ts';
import { WrittenPipeline } from './schema.ts';
import { pointer } from './tree.ts';
import { exampleAt, keysAt } from './written-keys.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** `written` lacks what is wrong, so that the rest can be checked further; null when too little is left. */
export interface Checked {
  written: WrittenPipeline | null;
  problems: Problem[];
}

export function checkWritten(value: unknown): Checked {
  let problems: Problem[] = [];
  let usable = value;
  for (const depth of [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 1]) {
    const parsed = WrittenPipeline.safeParse(usable);
    if (parsed.success) return { written: parsed.data, problems };
    const issues = parsed.error.issues.flatMap((issue) => meant(issue, usable));
    problems = withMore(problems, withoutConsequences(issues.flatMap((issue) => problemsOf(issue, usable))));
    usable = without(usable, issues, depth);
  }
  return { written: WrittenPipeline.safeParse(usable).data ?? null, problems };
}

/** Of a value with several allowed forms: the complaints about the form that was chosen, or one about all of them. */
function meant(issue: Issue, value: unknown): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const form = issue.errors.find((branch) => !branch.some(isAboutForm));
  if (!form) return [issue];
  return form.flatMap((inner) => meant({ ...inner, path: [...issue.path, ...inner.path] }, value));
}

function isAboutForm(issue: Issue): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === 'invalid_union') return issue.errors.every((branch) => branch.some(isAboutForm));
  return issue.code === 'invalid_type' || issue.code === 'invalid_value';
}

function problemsOf(issue: Issue, root: unknown): Problem[] {
  const at = pointer(issue.path);
  const value = valueAt(root, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, issue.path));
    case 'invalid_key':
      return [{ at, aboutKey: true, message: issue.issues[0]?.message ?? issue.message }];
    case 'invalid_union':
    case 'invalid_type':
    case 'invalid_value':
      return [value === undefined ? missing(issue.path) : unexpected(issue, at, value)];
    case 'too_small':
      return [{ at, message: typeof value === 'number' ? `must be at least ${issue.minimum}, got ${value}` : 'nothing is written here' }];
    case 'too_big':
      return [
        {
          at,
          message: typeof value === 'number' ? `must be at most ${issue.maximum}, got ${value}` : `longer than ${issue.maximum} characters`,
        },
      ];
    case 'custom':
      return [{ at, message: issue.message, ...issue.params }];
    default:
      return [{ at, message: issue.message }];
  }
}

function unknownKey(key: string, path: Path): Problem {
  const keys = keysAt(path);
  const near = nearest(key, keys);
  return {
    at: pointer([...path, key]),
    aboutKey: true,
    message: `unknown key \`${key}\``,
    fix: near === null ? `known here: ${keys.map((known) => `\`${known}\``).join(', ')}` : `did you mean \`${near}\`?`,
    ...(near === null ? {} : { meant: pointer([...path, near]) }),
  };
}

function missing(path: Path): Problem {
  const key = String(path.at(-1));
  const example = exampleAt(path);
  return {
    at: pointer(path),
    message: `\`${key}\` is missing`,
    ...(example === undefined ? {} : { fix: `add \`${key}: ${inYaml(example)}\`` }),
  };
}

function unexpected(issue: Issue, at: string, value: unknown): Problem {
  if (at === '')
    return {
      at,
      message: value === null ? 'the pipeline is empty' : 'a pipeline is a map of keys',
      fix: 'it needs `model:` and `quants:`',
    };
  if (typeof value === 'number' && !Number.isFinite(value)) return endless(issue.path, at, value);
  const allowed = allowedForms(issue);
  const expected = `expected ${oneOf(allowed.map(inWords))}`;
  // It may be an address that nobody else may see.
  if (at.startsWith('/notify')) return { at, message: expected };
  const fix = fixFor(value, allowed);
  return { at, message: `${expected}, got ${shown(value)}`, ...(fix === undefined ? {} : { fix }) };
}

/** `.nan`, `.inf`, and what is written beyond all limits: `1e999`. */
function endless(path: Path, at: string, value: number): Problem {
  const example = exampleAt(path);
  const such = example === undefined ? '' : `, such as ${inYaml(example)}`;
  return { at, message: `\`${value}\` is no number to go by`, fix: `write a number${such}` };
}

type Form = { type: string } | { word: string };

function allowedForms(issue: Issue): Form[] {
  if (issue.code === 'invalid_union') return issue.errors.flat().flatMap(allowedForms);
  if (issue.code === 'invalid_value') return issue.values.map((word) => ({ word: String(word) }));
  return issue.code === 'invalid_type' ? [{ type: issue.expected }] : [];
}

function fixFor(value: unknown, allowed: Form[]): string | undefined {
  const words = allowed.flatMap((form) => ('word' in form ? form.word : []));
  const types = allowed.flatMap((form) => ('type' in form ? form.type : []));
  if (value === null) return 'write a value, or leave the key out';
  if (value === false && words.includes('none')) return 'write `none`';
  if (typeof value === 'string') return fixForString(value, words, types);
  const isOneWord = typeof value === 'number' || typeof value === 'boolean';
  return isOneWord && types.includes('string') && !types.includes('array') ? `put quotes around it: "${value}"` : undefined;
}

function fixForString(value: string, words: string[], types: string[]): string | undefined {
  if (types.includes('number') && /^\d+$/.test(value)) return 'leave the quotes out';
  if (types.includes('boolean') && /^(yes|on|no|off)$/i.test(value)) return `write \`${/^(yes|on)$/i.test(value)}\``;
  return types.includes('array') ? `write a list: [${value}]` : didYouMean(value, words);
}

const typeWords: Record<string, string> = {
  string: 'a string',
  number: 'a whole number',
  int: 'a whole number',
  boolean: '`true` or `false`',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

function inWords(form: Form): string {
  return 'word' in form ? `\`${form.word}\`` : (typeWords[form.type] ?? form.type);
}

function oneOf(words: string[]): string {
  const all = [...new Set(words)];
  return all.length < 2 ? all.join() : `${all.slice(0, -1).join(', ')} or ${all.at(-1)}`;
}

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'a map' : `\`${value}\``;
}

function inYaml(example: unknown): string {
  return Array.isArray(example) ? `[${example.join(', ')}]` : String(example);
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | null | undefined)?.[part], root);
}

/** Drops what was complained of, lists as a whole. `depth` 1 drops the whole section. */
function without(root: unknown, issues: Issue[], depth: number): unknown {
  if (typeof root !== 'object' || root === null || Array.isArray(root)) return root;
  const rest = structuredClone(root) as Record<string, unknown>;
  for (const issue of issues) {
    const paths = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    for (const path of paths) drop(rest, path.slice(0, depth));
  }
  return { ...rest, model: rest['model'] ?? '.', quants: rest['quants'] ?? [] };
}

function drop(root: Record<string, unknown>, path: Path): void {
  const lastKey = path.findLastIndex((part) => typeof part === 'string');
  const parent = valueAt(root, path.slice(0, lastKey)) as Record<PropertyKey, unknown> | undefined;
  const key = path[lastKey];
  if (parent && key !== undefined) delete parent[key];
}
