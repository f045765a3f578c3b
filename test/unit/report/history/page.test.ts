import { describe, expect, test } from 'vitest';
import { allForPage, allMeasured, choose } from '../../../../src/history/choose.ts';
import { historyOf } from '../../../../src/history/trend.ts';
import { htmlHistory } from '../../../../src/report/history/page.ts';
import { textHistory } from '../../../../src/report/history/text.ts';
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
    expect(page).toContain('<span class="badge plain">no gates</span>');
    expect(page).toMatch(/id="breaks"[\s\S]*2026-01-11 02:30: text: evaluation\.txt/);
  });

  test('breaks the line where nights do not compare, and marks what is outside of the usual', () => {
    const chart = page.slice(page.indexOf('<svg id="trend-kld"'));
    const [, path = ''] = /<path class="line first" d="([^"]+)"/.exec(chart) ?? [];
    expect(path.match(/M/g)).toHaveLength(2);
    expect(chart.slice(0, chart.indexOf('</svg>'))).toContain('class="ring"');
  });

  test('of one night speaks of no other', () => {
    const first = htmlHistory(historyOf(past.slice(0, 1), allMeasured(past.slice(0, 1))));
    expect(first).toContain(
      'began 2026-01-01 02:30 UTC, and is the first. There are too few comparable nights before it to say what is usual.',
    );
    expect(first).toContain('tiny: 1 run, of 2026-01-01 02:30 UTC<');
    expect(first).not.toMatch(/since the run before|let expect\./);
  });

  test('says what the signs of its nights mean', () => {
    expect(page).toMatch(/Verdicts: · no gates, F FAIL\./);
  });

  test('of many nights has marks that lie beside each other, and a sign for each that did not go well', () => {
    const many = [...quietNights(199), nightOf(200, { gates: [gateOn('kld', 'Q2_K', 'fail', { limit: 0.045 })] })];
    const whole = htmlHistory(historyOf(many, allMeasured(many)));
    const [, chart = ''] = /<svg id="trend-kld"([\s\S]*?)<\/svg>/.exec(whole) ?? [];
    const places = [...chart.matchAll(/<circle class="first" cx="([\d.]+)" cy="[\d.]+" r="([\d.]+)"/g)]
      .slice(0, 200)
      .map(([, x, r]) => ({ x: Number(x), r: Number(r) }));
    const [one, two] = places;
    expect((two?.x ?? 0) - (one?.x ?? 0)).toBeGreaterThan(2 * (one?.r ?? 0));
    expect(chart.match(/>F<\/text>/g)).toHaveLength(1);
    expect(chart).not.toContain('>·</text>');
  });

  test('opens with what the gates name first, else with the held-out loss', () => {
    const first = (results: typeof past) => /<option value="([^"]+)"/.exec(htmlHistory(historyOf(results, allForPage(results))))?.[1];
    expect(first(past)).toBe('trend-loss');
    expect(first([...past, nightOf(12, { gates: [gateOn('same_top_p', 'Q2_K', 'pass'), gateOn('kld', 'Q2_K', 'pass')] })])).toBe(
      'trend-same_top_p',
    );
    expect(first([...past, nightOf(12, { gates: [gateOn('ppl', 'Q2_K', 'pass', { builtIn: true })] })])).toBe('trend-loss');
  });

  test('a size is exact: it has neither an interval nor a number of measurements', () => {
    const [, table = ''] = /<svg id="trend-bytes"([\s\S]*?)<\/table>/.exec(page) ?? [];
    expect(table).toMatch(/300\.?\d* MB/);
    expect(table).not.toContain('n=');
    expect(textHistory(historyOf(past, choose(past, { metric: 'size' })))).not.toContain('n=');
    expect(JSON.stringify(historyOf(past, choose(past, { metric: 'size' })).trends[0]?.points[0])).not.toContain('"n"');
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
