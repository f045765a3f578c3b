import { describe, expect, test } from 'vitest';
import { comparisonPage } from '../../../../src/cli/views/comparison-page.ts';
import { manyResults } from '../../../support/many-results.ts';

/** Two runs in one page. */
const a = manyResults();
const b = { ...a, run: { ...a.run, id: '20260302T080000Z-78' } };

describe('two runs of the same', () => {
  const page = comparisonPage({ name: 'monday', results: a }, { name: 'tuesday', results: b });

  test('are judged, and both are drawn', () => {
    expect(page).toContain('<h1>tuesday against monday</h1>');
    expect(page).toContain('<li>Tied in every row: size; pp; tg');
    expect(page).toMatch(/<summary>Differences: quality: all 34 rows are tied<\/summary>[\s\S]*?id="difference-\d-tied"/);
    expect(page).toMatch(/id="values-of-both"[\s\S]*<th scope="col">mean KLD, monday<\/th><th scope="col">mean KLD, tuesday<\/th>/);
    expect(page).toContain('id="a-divergence-by-size"');
    expect(page).toContain('id="b-divergence-by-size"');
  });

  test('no two elements have one id', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });
});

test('rows that differ come first, the tied ones are put away', () => {
  const rows = b.rows.map((row) => {
    if (row.name !== 'Q4_K_M' || !row.quality) return row;
    const { quality } = row;
    const blocks = quality.blocks.map((block) => ({ ...block, kld: 2 * block.kld }));
    return {
      ...row,
      file: row.file && { ...row.file, sha256: '1'.repeat(64) },
      quality: { ...quality, kld: { ...quality.kld, value: 2 * quality.kld.value }, blocks },
    };
  });
  const page = comparisonPage({ name: 'monday', results: a }, { name: 'tuesday', results: { ...b, rows } });
  const [, shown = '', hidden = ''] =
    /<caption>Differences: quality<\/caption>([\s\S]*?)<\/table>[\s\S]*?<summary>Differences: quality: 33 more rows, tied in all<\/summary>([\s\S]*?)<\/table>/.exec(
      page,
    ) ?? [];
  expect(shown).toMatch(/Q4_K_M<\/th><td>[^<]* worse<\/td>/);
  expect(hidden).not.toContain('Q4_K_M<');
});

test('of another text and another machine they are not compared: the page says why, marks what differs, and shows both', () => {
  const other = {
    ...b,
    conditions: {
      ...b.conditions,
      evaluation: { text: 'other.txt', sha256: 'd'.repeat(64), context: 512, chunks: 64 },
      machine: { ...b.conditions.machine, cpu: 'Cortex-A76', fingerprint: 'e'.repeat(64) },
    },
  };
  const page = comparisonPage({ name: 'monday', results: a }, { name: 'tuesday', results: other });
  expect(page).toMatch(/Not compared: quality: .*text/);
  expect(page).toMatch(/Not compared: speed: /);
  expect(page).toMatch(/<th scope="row">machine<\/th><td>[^<]*<\/td><td>Cortex-A76[^<]*<\/td><td>≠ differs<\/td>/);
  expect(page).toMatch(/<th scope="row">context<\/th><td>512<\/td><td>512<\/td><td>same<\/td>/);
  expect(page).toContain('id="b-speed"');
});
