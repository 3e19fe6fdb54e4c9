import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { inProcess } from '../cli/bidui.js';
import { type Park, park, uscc, write } from '../ledger/park.js';

/** Sixty enterprises, each with a permit and tax figures; of these, three have something wrong. */
const SIZE = 60;
const rows = (of: (i: number) => string): string[] => Array.from({ length: SIZE }, (_, i) => of(i));
const lines = (...all: string[]): string => `${all.join('\n')}\n`;

const REGISTRY = lines(
  '统一社会信用代码,企业名称,住所,登记人数,企业标签',
  ...rows((i) => `${uscc(i)},企业${i}有限公司,园区路${i}号,${10 + i},试点`),
);
const TAX_HEADER = '统一社会信用代码,申报人数';
const TAX = rows((i) => `${uscc(i)},${i < 2 ? 99 + i : 10 + i}`);
const PERMIT_HEADER = '许可证编号,统一社会信用代码,有效期至,持有人';
const permits = (validTo: string) => rows((i) => `P${i},${uscc(i)},${i === 5 ? '2026-01-31' : validTo},张三丰`);

interface Night {
  registry?: string;
  tax?: string;
  permit?: string;
}
const GOOD = {
  registry: REGISTRY,
  tax: lines(TAX_HEADER, ...TAX),
  permit: lines(PERMIT_HEADER, ...permits('2030-12-31')),
};

function guarded(): Park {
  const p = park();
  cpSync(resolve('checks/guards.yaml'), join(p.checks, 'guards.yaml'));
  // The shipped file names a source and a check of the eight themes; the rest is what is tried here.
  const text = readFileSync(join(p.checks, 'guards.yaml'), 'utf8');
  write(join(p.checks, 'guards.yaml'), text.replace(/^sources:\n(?: .*\n)+/m, '').replace(/^checks:\n(?: .*\n)+/m, ''));
  return p;
}

async function night(p: Park, asOf: string, given: Night, ...more: string[]) {
  const input = join(p.root, `in-${asOf}`);
  mkdirSync(input, { recursive: true });
  const { registry, tax, permit } = { ...GOOD, ...given };
  write(join(input, '企业登记.csv'), registry);
  write(join(input, '税务.csv'), tax);
  write(join(input, '许可证.csv'), permit);
  const out = join(p.root, 'out');
  const argv = ['run', input, '--format', 'csv', '--checks', p.checks, '--as-of', asOf, '--out', out, '--lang', 'en'];
  const told = await inProcess([...argv, '--state', p.state, ...more]);
  const read = (name: string) => readFileSync(join(out, name), 'utf8');
  return {
    ...told,
    read,
    has: (name: string) => existsSync(join(out, name)),
    summary: () => JSON.parse(read('summary.json')),
  };
}

const anomalies = (text: string, check: string) => text.split('\r\n').filter((l) => l.includes(`"${check}"`)).length;

test('an extract cut to its half is stopped: nobody is accused, nothing is resolved, the rest goes on', async () => {
  const p = guarded();
  for (const day of ['2026-07-01', '2026-07-02', '2026-07-03']) expect((await night(p, day, {})).code).toBe(0);
  const half = await night(p, '2026-07-04', { tax: lines(TAX_HEADER, ...TAX.slice(0, SIZE / 2)) });
  expect(half.code).toBe(6);
  const s = half.summary();
  expect(s.guards.stopped).toEqual(['tax']);
  expect(s.guards.findings[0]).toMatchObject({ of: 'tax', guard: 'volume', action: 'stop', accepted: false });
  expect(half.out).toContain(
    'Guard: source Tax (tax) counts as not delivered: 30 rows, where the median of the last 3 is 60',
  );
  // PK-03 says "no tax registration" of whoever is missing in a complete source.
  expect(s.by_check.find((c: { check: string }) => c.check === 'PK-03')).toMatchObject({
    anomaly: 0,
    not_comparable: SIZE,
  });
  expect(s.by_check.find((c: { check: string }) => c.check === 'PK-02')).toMatchObject({ anomaly: 1 });
  expect(s.ledger).toMatchObject({ new: 0, resolved: 0, not_comparable: 2, persisting: 1 });
  expect(half.read('followed.csv')).toContain('a source was not delivered');
  expect(JSON.parse(half.read('run.json')).guards.stopped).toEqual(['tax']);

  // The whole extract again: everything is as it was, and the bad night is no measure.
  const after = await night(p, '2026-07-05', {});
  expect(after.code).toBe(0);
  expect(after.summary().ledger).toMatchObject({ new: 0, resolved: 0, not_comparable: 0, persisting: 3 });
});

test('a shifted date column makes a check jump: it is held back, in the reports and in the ledger', async () => {
  const p = guarded();
  for (const day of ['2026-07-01', '2026-07-02']) await night(p, day, {});
  const shifted = await night(p, '2026-07-03', { permit: lines(PERMIT_HEADER, ...permits('2020-12-31')) });
  expect(shifted.code).toBe(6);
  const s = shifted.summary();
  expect(s.guards.held).toEqual([{ check: 'PK-02', anomalies: SIZE }]);
  expect(anomalies(shifted.read('anomalies.csv'), 'PK-02')).toBe(0);
  expect(anomalies(shifted.read('held-back.csv'), 'PK-02')).toBe(SIZE);
  expect(shifted.read('held-back.csv')).toContain('more than 50%');
  expect(s.by_check.find((c: { check: string }) => c.check === 'PK-02')).toMatchObject({
    ...{ anomaly: 0, consistent: 0, anomalies: 0, not_comparable: SIZE },
  });
  // The one that was known is neither gone nor persisting, and fifty-nine others are not new.
  expect(s.ledger).toMatchObject({ new: 0, resolved: 0, not_comparable: 1, persisting: 2 });
  expect(shifted.read('followed.csv')).toContain('held back tonight as a likely data problem');
  const after = await night(p, '2026-07-04', {});
  expect(after.code).toBe(0);
  expect(after.has('held-back.csv')).toBe(false);
  expect(after.summary().ledger).toMatchObject({ new: 0, resolved: 0, persisting: 3 });
});

test('a check that is held back explains no other', async () => {
  const p = guarded();
  await night(p, '2026-07-01', {});
  // All figures a hundred times too high: PK-04 would explain every difference that PK-01 finds.
  const tax = lines(TAX_HEADER, ...rows((i) => `${uscc(i)},${(10 + i) * 100}`));
  const wrong = await night(p, '2026-07-02', { tax });
  expect(wrong.summary().guards.held.map((h: { check: string }) => h.check)).toEqual(['PK-01', 'PK-04']);
  expect(wrong.summary().ledger).toMatchObject({ new: 0, resolved: 0 });
});

test('swapped headers are stopped without any history', async () => {
  const p = guarded();
  const swapped = await night(p, '2026-07-01', { tax: lines('申报人数,统一社会信用代码', ...TAX) });
  expect(swapped.code).toBe(6);
  expect(swapped.summary().guards.stopped).toEqual(['tax']);
  expect(swapped.out).toContain('columns may be swapped or shifted');
  expect(swapped.summary().anomalies).toBe(1);
});

test('what somebody has looked at is let in, and is the measure from then on', async () => {
  const p = guarded();
  for (const day of ['2026-07-01', '2026-07-02', '2026-07-03']) await night(p, day, {});
  const half = { tax: lines(TAX_HEADER, ...TAX.slice(0, SIZE / 2)) };
  expect((await night(p, '2026-07-04', half)).code).toBe(6);
  // The same night over the same inputs is another night when a guard is answered.
  const accepted = await night(p, '2026-07-04', half, '--accept', 'tax,PK-03');
  expect(accepted.code).toBe(0);
  expect(accepted.out).toContain('Guard: tax was let in because somebody said so');
  expect(accepted.summary().by_check.find((c: { check: string }) => c.check === 'PK-03')).toMatchObject({
    anomaly: 30,
  });
  expect((await night(p, '2026-07-05', half)).code).toBe(0);
  expect((await night(p, '2026-07-06', {}, '--accept', 'taxx')).err).toContain("did you mean 'tax'?");
});

test('--no-guards keeps nothing back and tells all the same', async () => {
  const p = guarded();
  await night(p, '2026-07-01', {});
  const given = { permit: lines(PERMIT_HEADER, ...permits('2020-12-31')) };
  const all = await night(p, '2026-07-02', given, '--no-guards');
  expect(all.code).toBe(0);
  expect(all.summary().guards).toMatchObject({ held: [], findings: [{ of: 'PK-02', accepted: true }] });
  expect(all.summary().ledger).toMatchObject({ new: SIZE - 1 });
});

test('--fail-on goes before what was held back', async () => {
  const p = guarded();
  const given = { tax: lines('申报人数,统一社会信用代码', ...TAX) };
  expect((await night(p, '2026-07-01', given, '--fail-on', 'blue')).code).toBe(1);
  expect((await night(p, '2026-07-01', { ...given, permit: lines(PERMIT_HEADER, 'P1,,2030-01-01,李四') })).code).toBe(
    6,
  );
});

test('without the library nothing is compared: earlier reports stand', async () => {
  const p = guarded();
  for (const day of ['2026-07-01', '2026-07-02']) await night(p, day, {});
  const half = lines(...REGISTRY.split('\n').slice(0, 21));
  const told = await night(p, '2026-07-03', { registry: half });
  expect(told.code).toBe(3);
  expect(told.err).toContain('--accept enterprise');
  expect(told.summary().as_of).toBe('2026-07-02');
});

test('columns that come and go are told', async () => {
  const p = guarded();
  await night(p, '2026-07-01', {});
  const told = await night(p, '2026-07-02', {
    permit: GOOD.permit.replaceAll(',张三丰', ',张三丰,x').replace('持有人', '持证人,备注'),
  });
  expect(told.code).toBe(0);
  expect(told.err).toContain('Permits (permit): columns that went since the last run: 持有人');
  expect(told.err).toContain('Permits (permit): columns that came since the last run: 备注, 持证人');
});

test('without a ledger the summary says which guards are off', async () => {
  const p = guarded();
  const input = join(p.root, 'in');
  for (const [name, text] of [
    ['企业登记.csv', REGISTRY],
    ['税务.csv', lines(TAX_HEADER, ...TAX.slice(0, 20))],
  ] as const) {
    write(join(input, name), text);
  }
  const told = await inProcess([
    'run',
    '--format',
    'csv',
    input,
    '--checks',
    p.checks,
    '--as-of',
    '2026-07-01',
    '--out',
    join(p.root, 'out'),
  ]);
  expect(told.out).toContain('未使用台账：数据量、列增减、异常突增等与历史相比的护栏未启用');
});
