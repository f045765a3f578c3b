import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { shownPath } from './diagnostic.ts';
import type { Prompt } from './pipeline.ts';
import { namedPrompts } from './prompts.ts';
import { checkPrompt, type WrittenPrompt } from './written-samples.ts';

export type ReadPrompts = { ok: true; prompts: Prompt[] } | { ok: false; mistakes: { message: string; fix: string }[] };

/** A file of prompts: a line each, empty ones passed over; in a `.jsonl` each line is a prompt as JSON. Every mistake comes back, with its line. */
export function readPrompts(file: string): ReadPrompts {
  const shown = shownPath(file);
  const text = textOf(file);
  if (text === null) return refused(`\`${shown}\` is not UTF-8 text`, 'save it as UTF-8');
  const lines = text.split(/\r?\n/).flatMap((line, i) => (line.trim() === '' ? [] : [{ line, place: `${shown}:${i + 1}` }]));
  if (lines.length === 0) return refused(`\`${shown}\` holds no prompt`, 'write one prompt a line');
  const read = lines.map(({ line, place }) => (file.endsWith('.jsonl') ? readLine(line, place) : { ok: true as const, prompt: line }));
  const mistakes = read.flatMap((one) => (one.ok ? [] : [{ message: one.message, fix: one.fix }]));
  if (mistakes.length > 0) return { ok: false, mistakes };
  const prompts = namedPrompts(read.flatMap((one) => (one.ok ? [one.prompt] : [])));
  const double = prompts.findIndex(({ name }, i) => prompts.findIndex((other) => other.name === name) < i);
  if (double >= 0)
    return refused(
      `${lines[double]?.place}: another prompt is named \`${prompts[double]?.name}\` already`,
      'give this one a `name` of its own',
    );
  return { ok: true, prompts };
}

function textOf(file: string): string | null {
  const bytes = readFileSync(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

type ReadLine = { ok: true; prompt: WrittenPrompt } | { ok: false; message: string; fix: string };

const form =
  'write a text in quotes, `{"text": ...}` or `{"messages": [{"role": "user", "content": ...}]}`, each with a `name` if you like';

function readLine(line: string, place: string): ReadLine {
  const mistake = (what: string) => ({ ok: false, message: `${place}: ${what}`, fix: form }) as const;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return mistake('this is not JSON');
  }
  const checked = checkPrompt(value);
  if (checked.success) return { ok: true, prompt: checked.data };
  const [issue] = checked.error.issues;
  return mistake(
    issue ? [...(issue.path.length > 0 ? [`\`${issue.path.join('.')}\``] : []), inWords(issue)].join(': ') : 'this is no prompt',
  );
}

function inWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `unknown key ${issue.keys.map((key) => `\`${key}\``).join(', ')}`;
  if (issue.code === 'invalid_type')
    return issue.path.length === 0 ? 'this is no prompt' : `it has to be ${typeWords[issue.expected] ?? issue.expected}`;
  return issue.message;
}

const typeWords: Record<string, string> = { string: 'a text', array: 'a list', object: 'a map' };

function refused(message: string, fix: string): ReadPrompts {
  return { ok: false, mistakes: [{ message, fix }] };
}
