import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
];

/** A test that needs a browser fails where there is none: it is not skipped, and it says what to install. */
function executable(): string {
  const given = process.env.BIDUI_CHROMIUM;
  const found = given ? (existsSync(given) ? given : undefined) : PLACES.find((p) => existsSync(p));
  if (found) return found;
  throw new Error(
    `${given ? `BIDUI_CHROMIUM names ${given}, which is not there` : 'no Chromium on this machine'}: the report page is tested in a real browser. ` +
      'Install it with: apt-get install -y --no-install-recommends chromium fonts-noto-cjk (Debian, Ubuntu), or name one in BIDUI_CHROMIUM.',
  );
}

const FLAGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage'],
];

export interface Opened {
  page: Page;
  /** What the page said on its console at a level that somebody should look at, and what it threw. */
  faults: string[];
  /** Everything that was asked for besides the file itself. */
  asked: string[];
}

/** One browser for a file of tests; what was opened is closed, and was without faults and without requests. */
export function browserForTests(): (file: string, hash?: string, o?: BrowserContextOptions) => Promise<Opened> {
  let browser: Browser;
  const opened: Opened[] = [];
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executable(), args: FLAGS });
  });
  afterAll(async () => {
    await browser?.close();
    for (const { faults, asked } of opened) {
      expect(faults).toEqual([]);
      expect(asked).toEqual([]);
    }
  });
  return async (file, hash = '', o = {}) => {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...o });
    const page = await context.newPage();
    const one: Opened = { page, faults: [], asked: [] };
    opened.push(one);
    const url = pathToFileURL(file).href;
    await context.route('**/*', (route) => {
      const asked = route.request().url();
      if (asked === url || asked.startsWith(`${url}#`)) return route.continue();
      one.asked.push(asked);
      return route.abort();
    });
    page.on('request', (r) => {
      const asked = r.url();
      if (!asked.startsWith(url) && asked !== 'data:,') one.asked.push(asked);
    });
    page.on('console', (m) => {
      if (['error', 'warning'].includes(m.type())) one.faults.push(m.text());
    });
    page.on('pageerror', (e) => one.faults.push(e.message));
    await page.goto(url + hash);
    await page.waitForSelector('html[data-ready]');
    return one;
  };
}
