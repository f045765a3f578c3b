import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { headOfCard } from '../facts/card-head.ts';

/** The licence that a model's card names (the head of its README.md), or null. */
export function licenceOf(folder: string): string | null {
  const card = fieldsOf(headOfCard(folder));
  const { license: licence, license_name: name } = card;
  const [first] = [licence].flat();
  if (typeof first !== 'string') return null;
  return first === 'other' && typeof name === 'string' ? name : first;
}

/** Whether the tokenizer knows how a conversation is laid out. */
export function hasTemplate(folder: string): boolean {
  if (['chat_template.jinja', 'chat_template.json'].some((name) => existsSync(join(folder, name)))) return true;
  return /"chat_template"\s*:\s*["[]/.test(textOf(join(folder, 'tokenizer_config.json')) ?? '');
}

/** People write it, so that it may be anything. */
function fieldsOf(head: string | null): Record<string, unknown> {
  try {
    const value: unknown = parse(head ?? '', { logLevel: 'error' });
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function textOf(path: string): string | null {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}
