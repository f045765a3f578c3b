import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { allForPage } from '../../src/history/choose.ts';
import { historyOf } from '../../src/history/trend.ts';
import { htmlHistory } from '../../src/report/history/page.ts';
import { openPage, pictureFile, startBrowser, whyNoBrowser } from '../support/browser.ts';
import { gateOn, nightOf, quietNights } from '../support/past-nights.ts';
import { workspace } from '../support/workspace.ts';

/** history.html in a real browser, from the disk and without a network. Pictures of it lie in coverage/pages. */
const missing = whyNoBrowser();
const space = workspace();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const desk = { viewport: { width: 1280, height: 900 } };
const past = [
  ...quietNights(10),
  nightOf(12, { kld: 0.052, gates: [gateOn('kld', 'Q2_K', 'fail', { limit: 0.045 })] }),
  nightOf(13, { kld: 0.03, conditions: { buildId: '9'.repeat(64), build: 'v0.6.0 (1234567), native CPU build' } }),
  nightOf(14, { kld: 0.02, conditions: { evaluation: { text: 'other.txt', sha256: 'd'.repeat(64), context: 512, chunks: 64 } } }),
];
const file = space.path('history.html');
let browser: Browser;

describe.skipIf(missing !== null)(`history.html in a browser${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  beforeAll(async () => {
    browser = await startBrowser();
    space.write('history.html', htmlHistory(historyOf(past, allForPage(past))));
  });
  afterAll(async () => {
    await browser?.close();
    space[Symbol.dispose]();
  });

  test('opens without a network and without complaints, and shows one metric at a time', async () => {
    await using open = await openPage(browser, file, desk);
    const { page } = open;
    const charts = await page.locator('svg.chart').all();
    const shown = async () => {
      const seen = await Promise.all(charts.map(async (chart) => ((await chart.isVisible()) ? await chart.getAttribute('id') : null)));
      return seen.filter((id) => id !== null);
    };
    expect(await shown()).toEqual(['trend-loss']);
    await page.getByLabel('Metric').selectOption('trend-kld');
    expect(await shown()).toEqual(['trend-kld']);
    await page.screenshot({ path: pictureFile('history-light.png'), fullPage: true });
    expect(open.requests).toEqual([`file://${file}`]);
    expect(open.complaints).toEqual([]);
  });

  test('without scripts all metrics are there', async () => {
    await using open = await openPage(browser, file, { ...desk, javaScriptEnabled: false });
    expect(await open.page.locator('svg.chart:visible').count()).toBeGreaterThan(5);
  });

  test.each(['light', 'dark'] as const)('has nothing serious for axe, %s', async (colorScheme) => {
    // The policy would not let axe in.
    await using open = await openPage(browser, file, { ...desk, colorScheme, bypassCSP: true });
    await open.page.getByLabel('Metric').selectOption('trend-kld');
    await open.page.screenshot({ path: pictureFile(`history-${colorScheme}.png`), fullPage: true });
    await open.page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
    await open.page.evaluate(axe);
    const { violations } = (await open.page.evaluate('axe.run()')) as AxeResults;
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
  });

  test("fits a phone's width", async () => {
    await using open = await openPage(browser, file, { viewport: { width: 375, height: 800 }, hasTouch: true });
    expect(await open.page.evaluate('document.documentElement.scrollWidth')).toBe(375);
  });
});
