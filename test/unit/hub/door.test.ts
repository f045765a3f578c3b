import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(`src/${path}`, 'utf8') }));

test('nothing but the door, and who tells how a run ended, loads what speaks to the network, and only when it is needed', () => {
  const speaking = sources.filter(({ text }) =>
    /from '(undici|@huggingface\/hub|node:https?|node:net|node:tls)'|import\('undici'\)/.test(withoutTypes(text)),
  );
  expect(speaking.map(({ path }) => path).toSorted()).toEqual(['hub/network.ts', 'notify/post.ts']);
  for (const { text } of speaking) expect(text).toContain("await import('undici')");
});

test('the library of the Hub is loaded for metadata and commits only, and only when they are asked for', () => {
  const users = sources.filter(({ text }) => withoutTypes(text).includes("'@huggingface/hub'"));
  expect(users.map(({ path }) => path).toSorted()).toEqual(['hub/metadata.ts', 'hub/send-commit.ts']);
  for (const { text } of users) expect(withoutTypes(text)).not.toMatch(/^import .*'@huggingface\/hub'/m);
});

function withoutTypes(text: string): string {
  return text.replace(/^import type .*$/gm, '');
}
