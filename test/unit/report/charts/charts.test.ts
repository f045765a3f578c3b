import { describe, expect, test } from 'vitest';
import { chartNames, chartsOf } from '../../../../src/report/charts/index.ts';
import { svgFile } from '../../../../src/report/charts/svg.ts';
import { conditionsLine, qualityConditions, speedConditions } from '../../../../src/report/conditions-line.ts';
import { chartFiles } from '../../../../src/report/index.ts';
import type { Results } from '../../../../src/results/schema.ts';
import { manyResults } from '../../../support/many-results.ts';
import { resultsWith, rowWith } from '../../../support/results.ts';

/** Charts as files: a person can look at the fixtures. */
const few = fewRows();
const charts = chartsOf(few);

describe('charts', () => {
  test.each(charts.map((chart) => [chart.name, chart] as const))('%s', async (name, chart) => {
    await expect(svgFile(chart)).toMatchFileSnapshot(`../../../fixtures/reports/charts/${name}.svg`);
  });

  test('all kinds are drawn of results that have everything, by their known names', () => {
    expect(charts.map(({ name }) => name)).toEqual(chartNames.filter((name) => !/winogrande|multiple/.test(name)));
  });

  test.each(charts.map((chart) => [chart.name, chart] as const))('%s cannot be taken without its conditions', (_, chart) => {
    const known = [qualityConditions(few), speedConditions(few), conditionsLine(few)];
    expect(known.filter((conditions) => chart.conditions.includes(conditions))).not.toEqual([]);
    const words = textsOf(svgFile(chart));
    for (const word of chart.conditions.split(' ')) expect(words).toContain(word);
  });

  test.each(charts.map((chart) => [chart.name, chart] as const))(
    '%s has its numbers as a table, each with its error or its n',
    (_, { table }) => {
      const [head = [], ...lines] = table;
      expect(lines.length).toBeGreaterThan(1);
      for (const line of lines) expect(line).toHaveLength(head.length);
      const numbers = `${head.join(' ')} ${lines.flat().join(' ')}`;
      expect(numbers).toMatch(/±|\[|n=|GiB|tensors/);
    },
  );
});

test('results without numbers have no charts, and no empty files', () => {
  const nothing = resultsWith([
    { name: 'Q4_0', kind: 'quant', type: 'Q4_0', imatrix: null, marks: [], notMeasured: { quality: 'it failed' } },
  ]);
  expect(chartsOf(nothing)).toEqual([]);
  expect(chartFiles(nothing).filter(({ svg }) => svg !== null)).toEqual([]);
});

describe('divergence by size', () => {
  const chartOf = (results: Results) => chartsOf(results).find(({ name }) => name === 'divergence-by-size');
  const base = rowWith('base', 2e9, 0.000001, 99.99, { kind: 'base', type: 'F16' });

  test('a KLD of 0 or less stands at the edge, marked by a triangle', () => {
    const chart = chartOf(resultsWith([base, rowWith('Q8_0', 1e9, -0.000002, 100), rowWith('Q4_0', 6e8, 0.05, 90)]));
    expect(shapeOf(chart?.body.text, 'Q8_0')).toMatch(/<path class="dot [^>]*z"/);
    expect(shapeOf(chart?.body.text, 'Q4_0')).toMatch(/<circle class="dot/);
  });

  test('a file that another one beats is hollow, and its beater named', () => {
    const chart = chartOf(resultsWith([base, rowWith('Q2_K', 350, 0.33, 71), rowWith('IQ2_M', 340, 0.3, 72)]));
    expect(shapeOf(chart?.body.text, 'Q2_K')).toContain('hollow');
    expect(shapeOf(chart?.body.text, 'IQ2_M')).not.toContain('hollow');
    expect(chart?.table).toContainEqual(['Q2_K', '350 B', '0.3300 ± 0.0330', 'IQ2_M']);
  });

  test('without intervals there are no bars, and n says so', () => {
    const row = rowWith('Q4_0', 6e8, 0.05, 90);
    if (!row.quality) throw new Error('unreachable');
    const lonely = { ...row, quality: { ...row.quality, kld: { value: 0.05, n: 0 }, blocks: [] } };
    const chart = chartOf(resultsWith([base, lonely]));
    expect(shapeOf(chart?.body.text, 'Q4_0')).not.toContain('interval');
    expect(chart?.table[1]).toContain('0.0500 n=0');
  });
});

test('what names hold is text, never markup, and never breaks the file', () => {
  const results = fewRows('</title><script>alert(1)</script>\u0000\u202e"\'&');
  const hostile = { ...results, rows: results.rows.map((row) => ({ ...row, name: `${row.name}<img src=x onerror=alert(1)>\ud800` })) };
  for (const chart of chartsOf(hostile)) {
    const file = svgFile(chart);
    expect(file).not.toMatch(/<script|<img/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(file).not.toMatch(/[\u0000\u202e]|\p{Surrogate}/u);
  }
});

function fewRows(model?: string): Results {
  const many = manyResults(model);
  const rows = many.rows.filter(({ name }) => ['base', 'Q8_0', 'Q4_K_M', 'Q4_0', 'IQ2_M', 'Q6_K_L'].includes(name));
  return { ...many, rows: rows.map((row) => (row.name === 'IQ2_M' ? { ...row, kind: 'compare' as const } : row)) };
}

/** All words that can be seen. */
function textsOf(svg: string): string[] {
  const texts = [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].flatMap(([, text = '']) => text.split(' '));
  const names: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
  return texts.map((word) => word.replace(/&[a-z#0-9]+;/g, (name) => names[name] ?? name));
}

/** The shapes of a row. */
function shapeOf(svg: string | undefined, row: string): string {
  return new RegExp(`<g class="mark" data-row="${row}">(.*?)</g>`, 's').exec(svg ?? '')?.[1] ?? '';
}
