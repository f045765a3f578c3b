// The upper part of a report's page, as a browser shows it: node page-to-png.mjs out/demo/report.html docs/pictures/report-page.png

import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [page, picture] = process.argv.slice(2);
if (!picture) throw new Error('usage: node page-to-png.mjs PAGE PICTURE');
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const shown = await browser.newPage({ viewport: { width: 1280, height: 1640 }, colorScheme: 'light' });
await shown.goto(pathToFileURL(resolve(page)).href);
await shown.screenshot({ path: picture });
await browser.close();
