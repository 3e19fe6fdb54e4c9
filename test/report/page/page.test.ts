// biome-ignore-all lint/performance/useDomNodeTextContent: what Playwright calls innerText is what a reader sees
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inProcess } from '../../cli/bidui.js';
import { csvRows, json } from '../read.js';
import { browserForTests } from './browser.js';
import { readPdf } from './pdf.js';

/** The pilot in a real browser, on its first night with a ledger. */
let root: string;
let file: string;
let rows: Record<string, string>[];
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'bidui-page-'));
  const out = join(root, 'out');
  const state = join(root, 'state.duckdb');
  const argv = ['run', 'fixtures/pilot', '--as-of', '2026-07-31', '--out', out, '--format', 'html', '--state', state];
  const told = await inProcess(argv);
  expect(told.code, told.err).toBe(0);
  file = join(out, 'report.html');
  rows = csvRows(out, 'anomalies.csv');
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const open = browserForTests();
const of = (column: string, value: string) => rows.filter((r) => r[column] === value).length;

describe('overview', () => {
  test('tells in one screen what the summary tells', async () => {
    const { page } = await open(file);
    const s = json(join(root, 'out'), 'summary.json');
    const text = await page.locator('main').innerText();
    expect(text).toContain(
      `比对 ${s.enterprises} 户企业、${s.checks} 条规则，发现疑似异常 ${s.anomalies} 条，涉及 ${s.enterprises_anomalous} 户`,
    );
    for (const n of Object.values(s.outcomes) as number[]) expect(text).toContain(n.toLocaleString('zh-CN'));
    expect(await page.locator('.figure.severity .value').allInnerTexts()).toEqual(
      s.by_severity.map((x: { anomalies: number }) => String(x.anomalies)),
    );
    expect(text).toContain('台账中只有这一次运行');
  });

  test('leads from a cell of the heat map to its anomalies', async () => {
    const { page } = await open(file);
    const cell = page.locator('.heat tbody td a').first();
    const n = await cell.innerText();
    await cell.click();
    await page.waitForSelector('.list-table');
    expect(await page.locator('.count').innerText()).toBe(`${n} 条（共 125 条）`);
  });
});

describe('list', () => {
  test('filters by severity, theme, department, check and state, and remembers it in the address', async () => {
    const { page } = await open(file, '#/anomalies');
    const count = () => page.locator('.count').innerText();
    expect(await count()).toBe('125 条');
    await page.getByRole('checkbox', { name: '红' }).check();
    expect(await count()).toBe(`${of('风险等级', '红')} 条（共 125 条）`);
    await page.getByRole('checkbox', { name: '红' }).uncheck();
    await page.getByLabel('主题', { exact: true }).selectOption({ label: '排污许可证情况' });
    expect(await count()).toBe(`${of('主题', '排污许可证情况')} 条（共 125 条）`);
    await page.getByLabel('规则', { exact: true }).selectOption('PW-02');
    expect(await count()).toBe(`${of('规则编号', 'PW-02')} 条（共 125 条）`);
    expect(page.url()).toContain('check=PW-02');
    await page.getByLabel('责任部门').selectOption({ label: '市场监管局' });
    expect(await page.locator('.nothing').innerText()).toBe('没有符合条件的异常。');
    await page.getByRole('button', { name: '清除筛选' }).click();
    expect(await count()).toBe('125 条');
    await page.getByLabel('状态', { exact: true }).selectOption('new');
    expect(await count()).toBe('125 条');
    await page.getByLabel('仅逾期').check();
    expect(await count()).toBe('0 条（共 125 条）');
  });

  test('searches everything: names, codes, values, files, words of the check in either language', async () => {
    const { page } = await open(file, '#/anomalies');
    const row = rows.find((r) => r.规则编号 === 'PW-02')!;
    const search = async (q: string) => {
      await page.getByRole('searchbox').fill(q);
      await expect.poll(() => decodeURIComponent(page.url()).replaceAll('+', ' ')).toContain(q);
      return Number.parseInt(await page.locator('.count').innerText(), 10);
    };
    expect(await search(row.异常编号!)).toBe(1);
    expect(await search(row.企业名称!)).toBe(of('企业名称', row.企业名称!));
    expect(await search('PW-02 expired')).toBe(of('规则编号', 'PW-02'));
    expect(await search('PW-02 已过期')).toBe(of('规则编号', 'PW-02'));
    expect(await search(`${row.统一社会信用代码!.toLowerCase()} pw-02`)).toBe(1);
    expect(await search('绝无此词')).toBe(0);
  });

  test('sorts by a column, the other way round, and back', async () => {
    const { page } = await open(file, '#/anomalies');
    const names = async () => (await page.locator('td.col-enterprise bdi').allInnerTexts()).slice(0, 10);
    const header = page.getByRole('button', { name: /^企业/ });
    const before = await names();
    await header.click();
    const up = await names();
    expect(up).toEqual([...up].sort(new Intl.Collator('zh-CN').compare));
    expect(await page.locator('th.col-enterprise').getAttribute('aria-sort')).toBe('ascending');
    await header.click();
    expect((await names())[0]).not.toBe(up[0]);
    await header.click();
    expect(await names()).toEqual(before);
  });

  test('opens an anomaly with both values, where each stands, what differs, and what to do', async () => {
    const row = rows.find((r) => r.规则编号 === 'DZ-07')!;
    const { page } = await open(file, `#/anomaly/${row.异常编号}`);
    const panel = page.locator('dialog[open]');
    const text = await panel.innerText();
    for (const column of [
      '异常描述',
      '文件A',
      '文件B',
      '核查建议',
      '责任部门',
      '核查时限',
      '检查事项',
      '异常编号',
      '数据来源A',
    ]) {
      expect(text, column).toContain(row[column]);
    }
    expect(await panel.locator('[data-side="A"]').innerText()).toBe(row.值A);
    expect(await panel.locator('[data-side="B"]').innerText()).toBe(row.值B);
    expect(await panel.locator('mark').count()).toBeGreaterThan(0);
  });

  test('is used by keyboard alone', async () => {
    const { page } = await open(file, '#/anomalies');
    await page.getByRole('button', { name: '清除筛选' }).focus();
    // The headers that sort, then one stop for all rows.
    for (let i = 0; i < 7; i++) await page.keyboard.press('Tab');
    const focused = () =>
      page.evaluate<string>(`document.activeElement.closest('tr')?.getAttribute('aria-rowindex') ?? ''`);
    expect(await focused()).toBe('2');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('3');
    await page.keyboard.press('End');
    expect(await focused()).toBe('126');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog[open]');
    const first = await page.locator('dialog .facts .code').innerText();
    await page.locator('[data-step="next"]').focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('dialog .facts .code').innerText()).not.toBe(first);
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('dialog[open]').count()).toBe(0);
    // The keyboard is where it was, one row further on.
    await expect.poll(focused).toBe('4');
    expect(page.url()).not.toContain('open=');
  });
});

describe('language and look', () => {
  test('English at a switch, of the page as well as of what it tells', async () => {
    const { page } = await open(file);
    await page.getByRole('button', { name: 'English' }).click();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    const text = await page.locator('main').innerText();
    expect(text).toContain('151 enterprises compared by 89 checks: 125 possible anomalies at 78 enterprises');
    expect(text).toContain('Discharge permits');
    expect(text.replace(/中文/g, '')).not.toMatch(/\p{Script=Han}/u);
    await page.getByRole('link', { name: 'Anomalies', exact: true }).click();
    expect(await page.locator('.list-table thead').innerText()).not.toMatch(/\p{Script=Han}/u);
    await page.getByRole('button', { name: '中文' }).click();
    expect(await page.locator('.count').innerText()).toBe('125 条');
  });

  test('dark as the system is, or as the reader says', async () => {
    const { page } = await open(file, '', { colorScheme: 'dark' });
    const dark = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(await dark()).toBe('rgb(17, 22, 27)');
    await page.getByLabel('外观').selectOption('light');
    expect(await dark()).toBe('rgb(244, 246, 248)');
    await page.emulateMedia({ colorScheme: 'light' });
    await page.getByLabel('外观').selectOption('dark');
    expect(await dark()).toBe('rgb(17, 22, 27)');
  });

  test('nothing is wider than a phone', async () => {
    for (const hash of ['', '#/anomalies', '#/enterprises', '#/data', `#/enterprise/${rows[0]!.统一社会信用代码}`]) {
      const { page } = await open(file, hash, { viewport: { width: 390, height: 844 } });
      expect(await page.evaluate('document.documentElement.scrollWidth'), hash).toBeLessThanOrEqual(390);
    }
  });
});

test('a page for each enterprise: its anomalies and the outcome of every check', async () => {
  const row = rows[0]!;
  const { page } = await open(file, `#/enterprise/${row.统一社会信用代码}`);
  expect(await page.locator('h1').innerText()).toBe(row.企业名称);
  expect(await page.locator('.leads li').count()).toBe(of('企业名称', row.企业名称!));
  expect(await page.locator('.verdicts li').count()).toBe(89);
  const outcomes = csvRows(join(root, 'out'), 'outcomes.csv').find((r) => r.统一社会信用代码 === row.统一社会信用代码)!;
  expect(await page.locator('.verdicts li .outcome').allInnerTexts()).toEqual(Object.values(outcomes).slice(2));
  await page.goto(`${page.url().split('#')[0]}#/enterprise/NOBODY`);
  await expect.poll(() => page.locator('main').innerText()).toContain('本页没有代码为 NOBODY 的企业');
});

test('prints an enterprise by itself', async () => {
  const row = rows[0]!;
  const { page } = await open(file, `#/enterprise/${row.统一社会信用代码}`);
  const { pages } = await readPdf(await page.pdf({ preferCSSPageSize: true }));
  expect(pages.length).toBeLessThanOrEqual(4);
  const text = pages.join('');
  expect(text).toContain(row.异常描述!.normalize('NFKC').replace(/\s+/g, ''));
  expect(text).not.toContain('主题×责任部门');
  for (const check of ['NB-01', 'WR-12']) expect(text).toContain(check);
});

test('data: what came in, and what was refused with its reason', async () => {
  const { page } = await open(file, '#/data');
  const s = json(join(root, 'out'), 'summary.json');
  const text = await page.locator('main').innerText();
  for (const x of s.by_source) expect(text).toContain(x.title);
  const refused = csvRows(join(root, 'out'), 'quarantine.csv');
  expect(await page.locator('.plain').nth(1).locator('tbody tr').count()).toBe(refused.length);
});

test('prints the summary and the filtered anomalies on A4, in light colours', async () => {
  const { page } = await open(file, '#/anomalies?sev=red', { colorScheme: 'dark' });
  const { pages, size } = await readPdf(await page.pdf({ preferCSSPageSize: true }));
  expect(size).toEqual([210, 297]);
  expect(pages.length).toBeGreaterThanOrEqual(3);
  expect(pages.length).toBeLessThanOrEqual(8);
  const text = pages.join('');
  expect(text).toContain('比对151户企业');
  expect(text).toContain('筛选:红');
  const red = rows.filter((r) => r.风险等级 === '红');
  for (const r of red) expect(text).toContain(r.统一社会信用代码);
  // The header stands on every page of the list.
  for (const one of pages.slice(1)) expect(one).toContain('风险等级企业异常描述');
  expect(await page.locator('#paper').innerHTML()).toBe('');
});
