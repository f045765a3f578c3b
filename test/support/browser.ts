import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { which } from '../../src/spawn.ts';
import { repository } from './cli.ts';

/** Debian's, or whatever calls itself so. */
const program = ['chromium', 'chromium-browser', 'google-chrome'].map(which).find((path) => path !== null) ?? null;

/** Why pages cannot be tried here; null when they can. In CI a browser has to be there. */
export function whyNoBrowser(): string | null {
  if (program !== null) return null;
  if (process.env['CI']) throw new Error('no chromium on PATH: apt-get install chromium');
  return 'no chromium on PATH';
}

export function startBrowser(): Promise<Browser> {
  if (program === null) throw new Error('no chromium on PATH');
  return chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
}

export interface OpenPage extends AsyncDisposable {
  page: Page;
  /** What was asked for, the page itself among it. */
  requests: string[];
  /** What the browser complained of: errors of scripts, breaches of the policy. */
  complaints: string[];
}

/** A page of a file, in a browser without a network. */
export async function openPage(browser: Browser, file: string, options: BrowserContextOptions = {}): Promise<OpenPage> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  await context.setOffline(true);
  const page = await context.newPage();
  const requests: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  await page.goto(`file://${file}`);
  return { page, requests, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** Where pictures of a test lie, for people to look at. */
export function pictureFile(name: string): string {
  const folder = join(repository, 'coverage', 'pages');
  mkdirSync(folder, { recursive: true });
  return join(folder, name);
}
