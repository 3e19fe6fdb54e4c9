// biome-ignore-all lint/performance/useDomNodeTextContent: what Playwright calls innerText is what a reader sees
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { writeReportPage } from '../../../src/report/page/write-page.js';
import { browserForTests } from './browser.js';
import { HOSTILE, madeUp } from './model.js';

const MANY = 50_000;
let file: string;
beforeAll(async () => {
  const m = await madeUp(MANY, 5_000);
  file = join(m.dir, (await writeReportPage(m))[0]!);
});

const open = browserForTests();

test('50,000 anomalies weigh little', () => {
  expect(statSync(file).size).toBeLessThan(8 * 1024 * 1024);
});

test('of 50,000 rows only those in sight stand in the document, wherever the reader is', async () => {
  const { page } = await open(file, '#/anomalies');
  const drawn = () => page.locator('.list-table tbody tr').count();
  const last = () =>
    page.evaluate<number>(
      `Math.max(...[...document.querySelectorAll('tr[data-index]')].map((r) => Number(r.dataset.index)))`,
    );
  expect(await page.locator('.count').innerText()).toBe('50,000 条');
  expect(await drawn()).toBeLessThan(60);
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
  await expect.poll(last).toBe(MANY - 1);
  expect(await drawn()).toBeLessThan(60);
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight / 2)');
  await expect.poll(last).toBeLessThan(MANY / 2 + 100);
  expect(await drawn()).toBeLessThan(60);
  await page.getByRole('searchbox').fill('第49999条');
  await expect.poll(() => page.locator('.count').innerText()).toBe('1 条（共 50,000 条）');
  await page.getByRole('searchbox').fill('');
  await page.getByRole('checkbox', { name: '红' }).check();
  await page.getByRole('button', { name: /^企业/ }).click();
  expect(await drawn()).toBeLessThan(60);
});

test('a phone gets as few', async () => {
  const { page } = await open(file, '#/anomalies', { viewport: { width: 390, height: 844 } });
  await page.evaluate('scrollTo(0, 1000000)');
  await expect.poll(() => page.locator('tr[data-index]').first().getAttribute('data-index')).not.toBe('0');
  expect(await page.locator('.list-table tbody tr').count()).toBeLessThan(40);
});

test('names that look like markup, end lines or turn text around are only ever text', async () => {
  const { page } = await open(file, '#/enterprises');
  for (const [i, name] of HOSTILE.entries()) {
    await page.goto(`${page.url().split('#')[0]}#/enterprise/U${String(i).padStart(17, '0')}`);
    const shown = name.replace(
      /[\u2028\u2029\u202c\u202e]/g,
      (c) => `[U+${c.charCodeAt(0).toString(16).toUpperCase()}]`,
    );
    await expect.poll(() => page.locator('h1').textContent()).toBe(shown);
  }
  await page.locator('a.open').first().click();
  await page.waitForSelector('dialog[open]');
  await page.pdf({ pageRanges: '1-2' });
  expect(await page.evaluate(`'hurt' in window`)).toBe(false);
  expect(await page.locator('main img, main svg, dialog img, dialog script').count()).toBe(0);
});

test('a run that found nothing says so', async () => {
  const m = await madeUp(0, 3);
  const { page } = await open(join(m.dir, (await writeReportPage(m))[0]!), '#/anomalies');
  expect(await page.locator('.nothing').innerText()).toBe('本次没有发现异常。');
  await page.getByRole('link', { name: '概览' }).click();
  expect(await page.locator('h1').innerText()).toContain('发现疑似异常 0 条');
});

test('paper takes the first thousand, and says so', async () => {
  const { page } = await open(file, '#/anomalies');
  await page.evaluate(`void dispatchEvent(new Event('beforeprint'))`);
  expect(await page.locator('.print-list tbody tr').count()).toBe(1000);
  expect(await page.locator('#paper').textContent()).toContain('仅打印前 1,000 条，共 50,000 条');
});
