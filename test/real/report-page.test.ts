import '../support/own-machine.ts';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { comparisonPage } from '../../src/cli/views/comparison-page.ts';
import type { Run } from '../../src/report/html/comparison.ts';
import { htmlReport } from '../../src/report/html/index.ts';
import { openPage, pictureFile, startBrowser, whyNoBrowser } from '../support/browser.ts';
import { qpipe } from '../support/cli.ts';
import { manyResults } from '../support/many-results.ts';
import { demo, realTools } from '../support/real-lab.ts';
import { workspace } from '../support/workspace.ts';

/** report.html in a real browser, from the disk and without a network. Pictures of it lie in coverage/pages. */
const missing = whyNoBrowser();
const space = workspace();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const desk = { viewport: { width: 1280, height: 900 } };
const phone = { viewport: { width: 375, height: 800 }, hasTouch: true };
const pages = {
  many: space.path('many.html'),
  demo: space.path('out/demo/report.html'),
  compared: space.path('compared.html'),
  hostile: space.path('hostile.html'),
};
let browser: Browser;

describe.skipIf(missing !== null)(`report.html in a browser${missing === null ? '' : ` (skipped: ${missing})`}`, () => {
  beforeAll(async () => {
    browser = await startBrowser();
    await realTools();
    space.write('many.html', htmlReport(manyResults()));
    space.write('hostile.html', htmlReport(manyResults('</script><img src=x onerror="document.title=1">')));
    const [one, two] = ['one', 'two'].map((name) => ({ name, results: manyResults() })) as [Run, Run];
    space.write('compared.html', comparisonPage(one, two));
    const only = ['Q8_0', 'Q4_K_M', 'Q4_0', 'IQ2_M'].flatMap((name) => ['--only', name]);
    expect(await qpipe(['run', demo.pipeline, ...only], { cwd: space.root })).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await browser?.close();
    space[Symbol.dispose]();
  });

  describe.each(['many', 'demo', 'compared'] as const)('%s', (name) => {
    test('asks for nothing but itself, and breaks no rule of its policy', async () => {
      await using open = await openPage(browser, pages[name], desk);
      await open.page.evaluate('document.fonts.ready');
      expect(open.requests).toEqual([`file://${pages[name]}`]);
      expect(open.complaints).toEqual([]);
      await open.page.screenshot({ path: pictureFile(`${name}-light.png`), fullPage: true });
    });

    test.each(['light', 'dark'] as const)('has nothing serious for axe, %s', async (colorScheme) => {
      // The policy would not let axe in.
      await using open = await openPage(browser, pages[name], { ...desk, colorScheme, bypassCSP: true });
      await open.page.evaluate('for (const one of document.querySelectorAll("details")) one.open = true');
      await open.page.evaluate(axe);
      const { violations } = (await open.page.evaluate('axe.run()')) as AxeResults;
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    });

    test("fits a phone's width", async () => {
      await using open = await openPage(browser, pages[name], phone);
      expect(await open.page.evaluate('document.documentElement.scrollWidth')).toBe(375);
      await open.page.screenshot({ path: pictureFile(`${name}-phone.png`), fullPage: true });
    });

    test('prints, with what is closed on the screen and its conditions', async () => {
      await using open = await openPage(browser, pages[name], { ...desk, colorScheme: 'dark' });
      const pdf = await open.page.pdf({ path: pictureFile(`${name}.pdf`), format: 'A4' });
      expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
      await open.page.emulateMedia({ media: 'print' });
      expect(await open.page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
      expect(await open.page.locator('.top').isVisible()).toBe(false);
      for (const shown of name === 'compared' ? ['#conditions-of-both'] : ['#digests', '#conditions'])
        expect(await open.page.locator(shown).isVisible()).toBe(true);
    });
  });

  test('sorts by a column, the other way round the second time, and what is missing last', async () => {
    await using open = await openPage(browser, pages.many, desk);
    const head = open.page.locator('#rows th', { has: open.page.getByRole('button', { name: 'mean KLD', exact: true }) });
    const button = head.getByRole('button');
    await button.focus();
    await open.page.keyboard.press('Enter');
    expect(await head.getAttribute('aria-sort')).toBe('ascending');
    expect((await rowNames(open.page)).slice(0, 3)).toEqual(['base', 'Q8_0', 'Q6_K_L']);
    await button.click();
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    expect((await rowNames(open.page)).slice(0, 2)).toEqual(['TQ1_0', 'TQ2_0']);
    expect(await open.page.getByRole('status').textContent()).toBe('sorted by mean KLD, largest first');
    await open.page.locator('#rows').getByRole('button', { name: 'same top p' }).click();
    expect((await rowNames(open.page))[0]).toBe('base');
  });

  test('says what a mark is under the pointer, and shows the same row elsewhere', async () => {
    await using open = await openPage(browser, pages.many, desk);
    await open.page.locator('#divergence-by-size .mark[data-row=Q2_K] .dot').hover();
    await expect.poll(() => open.page.locator('#tip').textContent()).toMatch(/^Q2_K: .* GB, KLD .* ± .*, beaten by /);
    expect(await open.page.locator('#rows tr.on').getAttribute('data-row')).toBe('Q2_K');
    await open.page.locator('#chart').screenshot({ path: pictureFile('hover.png') });
    await open.page.locator('h1').hover();
    await expect.poll(() => open.page.locator('#tip').isVisible()).toBe(false);
  });

  test('goes through the marks of a chart by the arrow keys, and says them', async () => {
    await using open = await openPage(browser, pages.many, desk);
    await open.page.locator('#chart .scroll').first().focus();
    await open.page.keyboard.press('ArrowRight');
    expect(await open.page.getByRole('status').textContent()).toMatch(/^Q8_0: /);
    await open.page.keyboard.press('ArrowRight');
    expect(await open.page.getByRole('status').textContent()).toMatch(/^Q6_K_L: /);
    await open.page.keyboard.press('Escape');
    expect(await open.page.locator('#tip').isVisible()).toBe(false);
  });

  test('begins with a link past the index', async () => {
    await using open = await openPage(browser, pages.many, desk);
    await open.page.keyboard.press('Tab');
    expect(await open.page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await open.page.keyboard.press('Enter');
    expect(await open.page.evaluate('document.activeElement.id')).toBe('content');
  });

  test('is dark or light as the system is, or as its switch says', async () => {
    await using open = await openPage(browser, pages.many, { ...desk, colorScheme: 'dark' });
    const paper = () => open.page.evaluate('getComputedStyle(document.body).backgroundColor');
    const dark = await paper();
    await open.page.screenshot({ path: pictureFile('many-dark.png'), fullPage: true });
    const theme = open.page.getByRole('button', { name: /^Theme/ });
    await theme.click();
    expect(await theme.textContent()).toBe('Theme: light');
    expect(await paper()).toBe('rgb(255, 255, 255)');
    await theme.click();
    expect(await paper()).toBe(dark);
    expect(dark).not.toBe('rgb(255, 255, 255)');
  });

  test('labels of 34 types can all be read: none covers another', async () => {
    await using open = await openPage(browser, pages.many, desk);
    const boxes = await open.page.locator('#divergence-by-size text.label').evaluateAll((labels) =>
      labels.map((label) => {
        const { x, y, width, height } = label.getBoundingClientRect();
        return { text: label.textContent, x, y: y + height * 0.15, width, height: height * 0.7 };
      }),
    );
    expect(boxes).toHaveLength(34);
    const meets = (a: (typeof boxes)[0], b: (typeof boxes)[0]) =>
      a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
    expect(
      boxes.flatMap((one, i) =>
        boxes
          .slice(i + 1)
          .filter((other) => meets(one, other))
          .map((other) => [one.text, other.text]),
      ),
    ).toEqual([]);
  });

  test('copies nothing without its conditions: a selection, a table, a command, a chart', async () => {
    await using open = await openPage(browser, pages.demo, { ...desk, permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = open;
    const conditions = (await page.locator('#conditions').textContent()) ?? '';
    const copied = () => page.evaluate('navigator.clipboard.readText()') as Promise<string>;
    await page.evaluate('getSelection().selectAllChildren(document.querySelector("#rows tbody tr"))');
    await page.keyboard.press('Control+c');
    await expect.poll(copied).toMatch(/^base/);
    expect(await copied()).toContain(conditions);
    await page.locator('button[data-of=worth]').click();
    await expect.poll(copied).toMatch(/^file\tdownload\t/);
    expect((await copied()).trim().split('\n').at(-1)).toMatch(/evaluation\.txt \(sha256 .*llama\.cpp /);
    await page.locator('button[data-of=command-0]').click();
    await expect.poll(copied).toMatch(/^# Demo, base F16 .*\nconvert_hf_to_gguf\.py /);
    await page.locator('button[data-of=divergence-by-size]').click();
    await expect.poll(copied).toMatch(/^<svg [\s\S]*<style[\s\S]*class="foot"/);
  });

  test('shows a hostile name as text', async () => {
    await using open = await openPage(browser, pages.hostile, desk);
    expect(await open.page.locator('h1').textContent()).toBe('</script><img src=x onerror="document.title=1">: quants, measured');
    expect(await open.page.locator('img').count()).toBe(0);
    expect(open.complaints).toEqual([]);
  });

  test('reads as well without its script', async () => {
    await using open = await openPage(browser, pages.many, { ...desk, javaScriptEnabled: false });
    expect(await open.page.locator('button.copy').first().isVisible()).toBe(false);
    expect(await open.page.locator('#divergence-by-size title').count()).toBeGreaterThan(34);
  });
});

async function rowNames(page: Page): Promise<(string | null)[]> {
  return await page.locator('#rows tbody tr').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-row')));
}
