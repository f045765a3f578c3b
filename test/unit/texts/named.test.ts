import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { namedText, namesOfTexts } from '../../../src/texts/named.ts';

const digest = /^[0-9a-f]{64}$/;

describe('named texts', () => {
  test('the evaluation text that everybody compares with is known to the byte', () => {
    expect(namedText('wikitext-2')).toEqual({
      name: 'wikitext-2',
      use: 'evaluation',
      licence: 'CC-BY-SA-3.0',
      source: {
        repo: 'ggml-org/ci',
        repoType: 'dataset',
        commit: '927b3642933080f1b0e811e2f916e14c292992f9',
        file: 'wikitext-2-raw-v1.zip',
        member: 'wikitext-2-raw/wiki.test.raw',
      },
      archive: { size: 4_721_645, sha256: 'ef7edb566e3e2b2d31b29c1fdb0c89a4cc683597484c3dc2517919c615435a11' },
      text: { size: 1_290_590, sha256: '173c87a53759e0201f33e0ccf978e510c2042d7f2cb78229d9a50d79b9e7dd08' },
    });
  });

  test.each(namesOfTexts())('%s is pinned', (name) => {
    const { source, archive, text } = namedText(name) ?? expect.fail(name);
    expect(source.commit).toMatch(/^[0-9a-f]{40}$/);
    expect([archive.sha256, text.sha256]).toEqual([expect.stringMatching(digest), expect.stringMatching(digest)]);
    expect([source.member, source.column].filter(Boolean)).toHaveLength(1);
  });

  test('there are texts of both kinds, and no two are one', () => {
    const texts = namesOfTexts().map((name) => namedText(name));
    expect(new Set(texts.map((text) => text?.use))).toEqual(new Set(['evaluation', 'calibration']));
    expect(new Set(texts.map((text) => text?.text.sha256)).size).toBe(texts.length);
    expect(new Set(namesOfTexts()).size).toBe(texts.length);
  });

  test.each(namesOfTexts())('docs/texts.md says the same of %s', (name) => {
    const { archive, licence, text, use } = namedText(name) ?? expect.fail(name);
    const page = readFileSync(new URL('../../../docs/texts.md', import.meta.url), 'utf8');
    const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` | ${use} | `));
    expect(row).toContain(` ${text.size.toLocaleString('en')} `);
    expect(row).toContain(licence.replace('CC-BY-SA-', 'CC BY-SA '));
    expect(page).toContain(`| \`${name}\` | \`${text.sha256}\` |`);
    expect(page).toContain(archive.sha256);
  });

  test('another name is none', () => {
    expect(namedText('wikitext')).toBeNull();
    expect(namedText('toString')).toBeNull();
  });
});
