import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageHead } from '../../../src/report/page/data.js';
import { WHOLE_RUN } from '../../../src/report/page/scope.js';
import { MOST, writePage, writeReportPage } from '../../../src/report/page/write-page.js';
import { inProcess } from '../../cli/bidui.js';
import { PERSONAL, world } from '../../cli/world.js';
import { csvRows, json } from '../read.js';
import { embedded } from './embedded.js';
import { HOSTILE, madeUp } from './model.js';

let out: string;
let page: ReturnType<typeof embedded>;
beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'bidui-page-'));
  const argv = ['run', 'fixtures/pilot', '--as-of', '2026-07-31', '--out', join(out, 'o'), '--format', 'html'];
  const told = await inProcess(argv);
  expect(told.code, told.err).toBe(0);
  page = embedded(join(out, 'o', 'report.html'));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

test('tells the same as the CSV files and the summary', () => {
  const rows = csvRows(join(out, 'o'), 'anomalies.csv');
  const summary = json(join(out, 'o'), 'summary.json');
  const [a] = page.parts('anomalies');
  const { head } = page;
  expect(a?.id).toEqual(rows.map((r) => r.异常编号));
  expect(a?.message).toEqual(rows.map((r) => r.异常描述));
  expect(a?.aValue.map(plain)).toEqual(rows.map((r) => plain(r.值A ?? '')));
  expect(a?.severity.map((s) => head.severities[s]?.title.zh)).toEqual(rows.map((r) => r.风险等级));
  expect(a?.check.map((c) => head.departments[head.checks[c]!.department]?.title.zh)).toEqual(
    rows.map((r) => r.责任部门),
  );
  expect(head.outcomes).toEqual(summary.outcomes);
  expect(head.totals.anomalies).toEqual({ all: summary.anomalies, held: summary.anomalies });
  expect(head.enterprisesAnomalous).toBe(summary.enterprises_anomalous);
  expect(sum(head)).toBe(summary.anomalies);
  expect(head.sources.map((s) => s.rows)).toEqual(summary.by_source.map((s: { rows: number }) => s.rows));
});

const plain = (cell: string) => cell.replace(/^[\t']/, '');
const sum = (head: PageHead) => head.counts.reduce((n, c) => n + c[3], 0);

test('has the outcome of every enterprise and check', () => {
  const rows = csvRows(join(out, 'o'), 'outcomes.csv');
  const [e] = page.parts('enterprises');
  const words = ['不适用', '一致', '无法比对', '异常'];
  expect(e?.uscc).toEqual(rows.map((r) => r.统一社会信用代码));
  expect(e?.outcomes.map((digits) => [...digits].map((x) => words[Number(x)]))).toEqual(
    rows.map((r) => Object.values(r).slice(2)),
  );
});

test('speaks both languages', () => {
  for (const x of [...page.head.checks, ...page.head.themes, ...page.head.departments, ...page.head.sources]) {
    expect(x.title.zh, x.id).toMatch(/\p{Script=Han}/u);
    expect(x.title.en, x.id).not.toMatch(/\p{Script=Han}/u);
  }
});

test('lets nothing in from outside, and only its own script run', () => {
  const policy = page.html.match(/http-equiv="Content-Security-Policy" content="([^"]+)"/)?.[1] ?? '';
  expect(policy).toContain(`default-src 'none'`);
  expect(policy).not.toMatch(/https?:|\*|script-src[^;]*unsafe/);
  const scripts = [...page.html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map((m) => m[1]!);
  expect(scripts).toHaveLength(1);
  expect(policy).toContain(`'sha256-${createHash('sha256').update(scripts[0]!).digest('base64')}'`);
  expect(page.html).not.toMatch(/(?:src|href)="(?!data:,)[^"]/);
});

test('holds no personal data of a masked run', async () => {
  const w = world();
  const argv = ['run', w.input, '--as-of', '2026-07-31', '--checks', w.checks, '--out', w.out, '--format', 'html'];
  const told = await inProcess(argv);
  expect(told.code, told.err).toBe(0);
  const { text, html } = embedded(join(w.out, 'report.html'));
  for (const secret of PERSONAL) {
    expect(text).not.toContain(secret);
    expect(html).not.toContain(secret);
  }
});

test('is the same byte for byte, and no name in it can end a block', async () => {
  const m = await madeUp(300, 40);
  const bytes = async () => readFileSync(join(m.dir, await writePage(m, WHOLE_RUN)), 'utf8');
  const first = await bytes();
  expect(await bytes()).toBe(first);
  expect(embedded(join(m.dir, 'report.html')).parts('enterprises')[0]?.name.slice(0, HOSTILE.length)).toEqual(HOSTILE);
  expect(first).not.toContain('window.hurt');
});

test('is made batch by batch, and every batch of every page is about the right enterprises', async () => {
  const m = await madeUp(12_000, 10_500);
  const emergency = m.checks.filter((c) => c.def.department === 'emergency');
  const files = await writeReportPage({ ...m, departments: [{ id: 'emergency', name: '应急' }] });
  for (const [file, checks] of [
    [files[0], m.checks],
    [files[1], emergency],
  ] as const) {
    const { head, parts } = embedded(join(m.dir, file!));
    const listed = parts('enterprises');
    expect(listed.map((p) => p.uscc.length)).toEqual([10_000, 500]);
    const uscc = listed.flatMap((p) => p.uscc);
    expect(uscc).toEqual([...uscc].sort());
    const digits = (eid: number) => checks.map((c) => (eid + m.checks.indexOf(c)) % 4).join('');
    expect(listed.flatMap((p) => p.outcomes)).toEqual(uscc.map((_, i) => digits(i + 1)));
    const anomalies = parts('anomalies');
    const at = anomalies.flatMap((p) => p.enterprise);
    expect(at).toHaveLength(head.totals.anomalies.all);
    const names = listed.flatMap((p) => p.name);
    expect(at.map((i) => names[i])).toEqual(anomalies.flatMap((p) => p.about));
  }
  expect(embedded(join(m.dir, files[0]!)).parts('anomalies')).toHaveLength(2);
});

test('holds no more than a browser can, the gravest first, and says how much there is', async () => {
  const m = await madeUp(300, 40);
  await writePage(m, WHOLE_RUN, { ...MOST, anomalies: 50, enterprises: 10 });
  const { head, parts } = embedded(join(m.dir, 'report.html'));
  const [a] = parts('anomalies');
  expect(head.totals).toMatchObject({ anomalies: { all: 300, held: 50 }, enterprises: { all: 40, held: 10 } });
  expect(new Set(a?.severity)).toEqual(new Set([0]));
  expect(sum(head)).toBe(300);
  // Enterprises that the page does not hold are named beside their anomalies.
  expect(a?.enterprise.every((e, i) => e >= 0 || a.name[i] !== '')).toBe(true);
});

test('is confined to a department where it is asked to be', async () => {
  const m = await madeUp(300, 40);
  const mine = m.checks.filter((c) => c.def.department === 'emergency').map((c) => c.id);
  const file = await writePage(m, {
    file: 'by-department/应急管理局.html',
    audience: 'department:emergency',
    where: `_department = 'emergency'`,
    confined: { title: { zh: '应急管理局', en: 'Emergency management' }, checks: new Set(mine) },
  });
  const { head, parts } = embedded(join(m.dir, file));
  expect(head.checks.map((c) => c.id)).toEqual(mine);
  expect(head.totals.anomalies.all).toBe(sum(head));
  expect(head.totals.anomalies.all).toBeLessThan(300);
  expect(parts('quarantine')).toEqual([]);
  expect(parts('enterprises')[0]?.outcomes[0]).toHaveLength(mine.length);
});
