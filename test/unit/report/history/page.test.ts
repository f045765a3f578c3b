import { describe, expect, test } from 'vitest';
import { allMeasured } from '../../../../src/history/choose.ts';
import { historyOf } from '../../../../src/history/trend.ts';
import { htmlHistory } from '../../../../src/report/history/page.ts';
import { gateOn, nightOf, quietNights } from '../../../support/past-nights.ts';

const past = [
  ...quietNights(8),
  nightOf(10, { kld: 0.052, gates: [gateOn('kld', 'Q2_K', 'fail', { limit: 0.045 })] }),
  nightOf(11, { kld: 0.03, conditions: { evaluation: { text: 'other.txt', sha256: 'd'.repeat(64), context: 512, chunks: 64 } } }),
];
const page = htmlHistory(historyOf(past, allMeasured(past)));

describe('the page', () => {
  test('has every metric, with a panel for each row, and a list to choose from', () => {
    const charts = [...page.matchAll(/<option value="([^"]+)"/g)].map(([, name]) => name);
    expect(charts).toEqual(expect.arrayContaining(['trend-bytes', 'trend-kld', 'trend-same_top_p', 'trend-tg_tps']));
    for (const name of charts) expect(page).toContain(`<svg id="${name}"`);
    const kld = page.slice(page.indexOf('<svg id="trend-kld"'), page.indexOf('</svg>', page.indexOf('<svg id="trend-kld"')));
    for (const row of ['base', 'Q4_K_M', 'Q2_K']) expect(kld).toContain(`>${row}</text>`);
  });

  test('says how the newest night was and where lines end', () => {
    expect(page).toContain('<span class="badge good">no gates</span>');
    expect(page).toMatch(/id="breaks"[\s\S]*2026-01-11 02:30: text: evaluation\.txt/);
  });

  test('breaks the line where nights do not compare, and marks what is outside of the usual', () => {
    const chart = page.slice(page.indexOf('<svg id="trend-kld"'));
    const [, path = ''] = /<path class="line first" d="([^"]+)"/.exec(chart) ?? [];
    expect(path.match(/M/g)).toHaveLength(2);
    expect(chart.slice(0, chart.indexOf('</svg>'))).toContain('class="ring"');
  });

  test('needs nothing from outside', () => {
    expect(page).not.toMatch(/(src|href)="(?!#)/);
    expect(page).toContain('default-src &#39;none&#39;');
  });

  test('no two elements have one id', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  });

  test('what comes from outside is escaped', () => {
    const hostile = [nightOf(1), nightOf(2, { conditions: { converter: '</script><img src=x>' } })];
    expect(htmlHistory(historyOf(hostile, allMeasured(hostile)))).not.toContain('<img');
  });

  test('of a season of nights can be mailed: less than 1.5 MB', () => {
    const season = Array.from({ length: 90 }, (_, i) => nightOf((i % 28) + 1));
    expect(htmlHistory(historyOf(season, allMeasured(season))).length).toBeLessThan(1.5e6);
  });
});
