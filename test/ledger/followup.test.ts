import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { LedgerSummary } from '../../src/ledger/summary.js';
import { inProcess, type Told } from '../cli/bidui.js';
import { writeXlsx } from '../support/xlsx.js';
import { dump } from './dump.js';
import { type World, writeNight } from './nights.js';
import { nightOf, type Park, park, uscc, write } from './park.js';

/** Three enterprises: one whose figures differ, one with two expired permits, one that the tax bureau does not know. */
const night = (asOf: string, change: (w: World) => void = () => {}): World => {
  const plain = { refusedPermit: false, gone: false, permits: [] };
  const w: World = {
    asOf,
    enterprises: [
      { ...plain, uscc: uscc(1), staff: 10, tax: 12 },
      { ...plain, uscc: uscc(2), staff: 20, tax: 20, permits: ['A', 'B'].map((no) => ({ no, validTo: '2025-12-31' })) },
      { ...plain, uscc: uscc(3), staff: 30, tax: null },
    ],
    delivered: { tax: true, permit: true },
  };
  change(w);
  return w;
};

let p: Park;
beforeEach(async () => {
  p = park();
  expect((await run(night('2026-02-09'))).new).toBe(4);
});

async function run(w: World, ...more: string[]): Promise<LedgerSummary> {
  const input = writeNight(join(p.root, `night-${w.asOf}-${Math.random()}`), w);
  const told = await inProcess(nightOf(p, input, w.asOf, ...more));
  expect(told.code, told.err).toBe(0);
  return JSON.parse(readFileSync(join(p.root, 'out', 'summary.json'), 'utf8')).ledger;
}

const bidui = (...argv: string[]): Promise<Told> => inProcess([...argv, '--state', p.state]);
const report = (name = 'anomalies.csv') => readFileSync(join(p.root, 'out', name), 'utf8');
/** The cells of a report; none of the test's values has a comma or a quote in it. */
const rows = (text: string) =>
  text
    .replace('\ufeff', '')
    .trim()
    .split('\r\n')
    .map((l) => l.slice(1, -1).split('","'));

/** A department fills in the rows of its file that `say` has an answer for. */
function filled(name: string, say: (row: Record<string, string>) => string[] | undefined, from = report()): string {
  const [header, ...body] = rows(from) as [string[], ...string[][]];
  const status = header.findIndex((h) => h === '核查状态' || h === 'Disposal status');
  const lines = body.map((r) => {
    const said = say(Object.fromEntries(header.map((h, i) => [h, r[i]!])));
    return said ? [...r.slice(0, status), ...said] : r;
  });
  return write(join(p.root, name), [header, ...lines].map((r) => r.map((x) => `"${x}"`).join(',')).join('\n'));
}

const disposal = (check: string, text = report()) =>
  rows(text)
    .filter((r) => r.some((c) => c === check))
    .map((r) => r.at(-4));

describe('feedback', () => {
  test('is taken in whole, stands in the next report, and changes nothing the second time', async () => {
    const file = filled('tax.csv', (r) =>
      r.规则编号 === 'PK-01' ? ['误报', '王五', '2026/2/10', '口径差异'] : undefined,
    );
    const told = await bidui('feedback', file);
    expect(told.code).toBe(0);
    expect(told.out).toContain('已入账 1，台账已有 0，未填写 3');
    const once = await dump(p.state);
    expect((await bidui('feedback', file)).out).toContain('已入账 0，台账已有 1');
    expect(await dump(p.state)).toEqual(once);
    const l = await run(night('2026-02-11'));
    expect(disposal('PK-01')).toEqual(['误报']);
    expect(l.feedback_by_check).toEqual([
      { check: 'PK-01', concluded: 1, false_alarms: 1, data_issues: 0, false_alarm_rate: 1 },
    ]);
    // The report that holds it may come back as it is.
    expect((await bidui('feedback', join(p.root, 'out', 'anomalies.csv'))).out).toContain(
      '已入账 0，台账已有 1，未填写 3',
    );
    expect((await inProcess(['checks', 'list', '--checks', p.checks, '--state', p.state])).out).toMatch(
      /PK-01.*1 {2}.*100%/,
    );
  });

  test('that is a false alarm holds for those values and no others', async () => {
    await bidui(
      'feedback',
      filled('tax.csv', (r) => (r.规则编号 === 'PK-01' ? ['误报', '王五', '2026-02-10', ''] : undefined)),
    );
    await run(night('2026-02-11'));
    expect(disposal('PK-01')).toEqual(['误报']);
    await run(
      night('2026-02-12', (w) => {
        w.enterprises[0]!.tax = 99;
      }),
    );
    expect(disposal('PK-01')).toEqual(['待复核']);
  });

  test('that something was rectified is doubted by newer data that still shows it', async () => {
    await bidui(
      'feedback',
      filled('eco.csv', (r) => (r.涉及对象 === 'A' ? ['属实已整改', '赵六', '2026-02-10', '已换证'] : undefined)),
    );
    expect((await run(night('2026-02-10'))).ineffective).toBe(0);
    const l = await run(night('2026-02-11'));
    expect(l.ineffective).toBe(1);
    expect(disposal('PK-02').sort()).toEqual(['待核查', '整改未见效']);
    // Gone from the data: done. Back again: to be looked at again.
    await run(
      night('2026-02-12', (w) => {
        w.enterprises[1]!.permits[0]!.validTo = '2030-01-01';
      }),
    );
    expect(report('followed.csv')).toContain('属实已整改');
    await run(night('2026-02-13'));
    expect(disposal('PK-02').sort()).toEqual(['待复核', '待核查']);
  });

  test('with a bad row is refused whole, and every bad row is told', async () => {
    const before = await dump(p.state);
    const answers = [
      ['属实', '甲', '2026-02-10', ''],
      ['误报', '', '', ''],
      ['误报', '乙', '2026-02-30', ''],
      ['待核查', '丙', '', ''],
    ];
    let i = 0;
    const told = await bidui(
      'feedback',
      filled('bad.csv', () => answers[i++]),
    );
    expect(told.code).toBe(3);
    for (const row of [2, 3, 4, 5]) expect(told.err).toContain(`bad.csv row ${row}`);
    expect(await dump(p.state)).toEqual(before);
  });

  test('older than what is known is kept in the history and does not stand', async () => {
    const say = (status: string, on: string) =>
      filled('x.csv', (r) => (r.规则编号 === 'PK-03' ? [status, '甲', on, ''] : undefined));
    const first = report();
    await bidui('feedback', say('属实待整改', '2026-02-12'));
    const told = await bidui(
      'feedback',
      filled('y.csv', (r) => (r.规则编号 === 'PK-03' ? ['误报', '乙', '2026-02-10', ''] : undefined), first),
    );
    expect(told.err).toContain('早于已有反馈（2026-02-12）');
    await run(night('2026-02-12'));
    expect(disposal('PK-03')).toEqual(['属实待整改']);
    const history = await bidui('history', '--check', 'PK-03');
    expect(history.out).toMatch(/2026-02-10 {2}反馈：误报 {2}乙\n.*2026-02-12 {2}反馈：属实待整改 {2}甲/s);
  });

  test('by two people of one day is told, not settled by who came last', async () => {
    await bidui(
      'feedback',
      filled('x.csv', (r) => (r.规则编号 === 'PK-03' ? ['属实待整改', '甲', '2026-02-12', ''] : undefined)),
    );
    const told = await bidui(
      'feedback',
      filled('y.csv', (r) => (r.规则编号 === 'PK-03' ? ['误报', '乙', '2026-02-12', ''] : undefined)),
    );
    expect(told.code).toBe(3);
    expect(told.err).toContain('甲, 属实待整改');
  });

  test('in a workbook is read as well, its dates as dates', async () => {
    const [header, ...body] = rows(report()) as [string[], ...string[][]];
    const filled = body.map((r) =>
      r.includes('PK-01') ? [...r.slice(0, -4), '数据问题', '王五', new Date(Date.UTC(2026, 1, 10)), '数据时滞'] : r,
    );
    const file = join(p.root, 'back.xlsx');
    await writeXlsx(file, [{ name: '税务局', rows: [header, ...filled] }]);
    const told = await bidui('feedback', file);
    expect(told.out, told.err).toContain('已入账 1，台账已有 0，未填写 3');
    const [kept] = (await dump(p.state)).feedback as { status: string; handled_on: string; note: string }[];
    expect(kept).toMatchObject({ status: 'data_issue', handled_on: '2026-02-10', note: '数据时滞' });
  });

  test('on an English report is read as well', async () => {
    await run(night('2026-02-10'), '--lang', 'en');
    const told = await bidui(
      'feedback',
      filled('en.csv', (r) => (r.Check === 'PK-01' ? ['False alarm', 'Wang', '2026-02-11', ''] : undefined)),
    );
    expect(told.out).toContain('已入账 1');
  });
});

describe('suppression', () => {
  const scopes: [string, () => string[], number][] = [
    ['a check', () => ['--check', 'PK-02'], 2],
    ['an enterprise', () => ['--enterprise', uscc(2)], 2],
    ['a check at an enterprise', () => ['--enterprise', uscc(1), '--check', 'PK-01'], 1],
    ['an anomaly', () => ['--anomaly', rows(report()).find((r) => r.includes('PK-03'))![0]!], 1],
  ];
  test.each(scopes)('of %s is listed while it holds, and ends by itself', async (_, scope, covered) => {
    const told = await bidui(
      'suppress',
      'add',
      ...scope(),
      '--owner',
      '李四',
      '--reason',
      '统一整治',
      '--until',
      '2026-02-11',
    );
    expect(told.code, told.err).toBe(0);
    const l = await run(night('2026-02-11'));
    expect(l.suppressed).toBe(covered);
    expect(l.suppressions).toMatchObject([
      { owner: '李四', reason: '统一整治', until: '2026-02-11', anomalies: covered },
    ]);
    expect(l.needs_eyes).toBe(4 - covered);
    expect(report().match(/抑制至2026-02-11（李四：统一整治）/g)).toHaveLength(covered);
    const lists = ['税务局', '生态环境局'].map((d) => report(`by-department/${d}.csv`));
    expect(lists.flatMap((x) => rows(x).slice(1))).toHaveLength(4 - covered);
    const after = await run(night('2026-02-12'));
    expect(after).toMatchObject({ suppressed: 0, suppressions: [], needs_eyes: 4, persisting: 4 });
    expect((await bidui('suppress', 'list')).out).toContain('统一整治');
  });

  test('of a check that there is not is refused', async () => {
    const told = await bidui(
      'suppress',
      'add',
      '--check',
      'PK-12',
      '--owner',
      '李四',
      '--reason',
      'x',
      '--until',
      '2026-12-31',
    );
    expect(told.code).toBe(2);
    expect(told.err).toContain('no night in the ledger ran a check PK-12');
  });

  test('can be ended before its day', async () => {
    await bidui('suppress', 'add', '--check', 'PK-02', '--owner', '李四', '--reason', 'x', '--until', '2026-12-31');
    expect((await run(night('2026-02-11'))).suppressed).toBe(2);
    expect((await bidui('suppress', 'end', '1', '--on', '2026-02-12', '--by', '王五')).code).toBe(0);
    expect((await run(night('2026-02-12'))).suppressed).toBe(0);
  });
});

describe('deadlines', () => {
  test('count working days, make-up days among them, and put what is overdue first', async () => {
    // From Monday 9 February: red by Thursday 12; ten working days skip 16 to 18, and count Saturday 14.
    const due = rows(report())
      .slice(1)
      .map((r) => [r[4], r.find((c) => /^2026-0[2-4]-\d\d/.test(c) && c > '2026-02-09')]);
    expect(new Map(due as [string, string][])).toEqual(
      new Map([
        ['PK-01', '2026-02-25'],
        ['PK-02', '2026-02-12'],
        ['PK-03', '2026-03-25'],
      ]),
    );
    const l = await run(night('2026-02-13'));
    expect(l.overdue).toBe(2);
    expect(
      rows(report())
        .slice(1)
        .map((r) => r[4]),
    ).toEqual(['PK-02', 'PK-02', 'PK-01', 'PK-03']);
    expect(report()).toContain('逾期1个工作日');
  });
});

describe('scope', () => {
  test('judges only enterprises with the tag, and leaves the others as they were', async () => {
    const l = await run(
      night('2026-02-10', (w) => {
        for (const e of w.enterprises) e.tax = e.staff;
      }),
      '--scope',
      '重点',
    );
    expect(l).toMatchObject({ enterprises: 1, found: 2, persisting: 2, resolved: 0, not_covered: 2 });
    const input = writeNight(join(p.root, 'n'), night('2026-02-11'));
    const told = await inProcess(nightOf(p, input, '2026-02-11', '--scope', '危化'));
    expect(told.code).toBe(2);
    expect(told.err).toContain('试点 (3), 重点 (1)');
  });
});
