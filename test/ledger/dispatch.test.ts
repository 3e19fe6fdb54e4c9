import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { draw, type Task } from '../../src/ledger/dispatch/draw.js';
import type { Inspector } from '../../src/ledger/dispatch/inspectors.js';
import { inProcess, type Told } from '../cli/bidui.js';
import { dump } from './dump.js';
import { type World, writeNight } from './nights.js';
import { nightOf, type Park, park, uscc, write } from './park.js';

const HEADER = '人员编号,姓名,所属部门,负责区域,执法证有效期至,专业领域,在办任务数,回避企业';
const LIBRARY = [
  'T1,甲一,税务局,,2030-12-31,,0,',
  'T2,甲二,税务局,,2030-12-31,,0,',
  'T3,甲三,税务局,,2026-01-31,,0,',
  `T4,甲四,税务局,,2030-12-31,,5,${uscc(1)}、企业002有限公司`,
  'E1,乙一,ecology,,2030年12月31日,园区,0,',
  'E2,乙二,Ecology,,2030-12-31,PK-02,0,',
  'E3,乙三,生态环境局,娄葑街道,2030-12-31,,0,',
  'E4,乙四,生态环境局,,2030-12-31,别的主题,0,',
];

const plain = { refusedPermit: false, gone: false, permits: [] };
const WORLD: World = {
  asOf: '2026-02-09',
  enterprises: [
    { ...plain, uscc: uscc(1), staff: 10, tax: 12 },
    { ...plain, uscc: uscc(2), staff: 20, tax: 25, permits: ['A', 'B'].map((no) => ({ no, validTo: '2025-12-31' })) },
    { ...plain, uscc: uscc(3), staff: 30, tax: null },
  ],
  delivered: { tax: true, permit: true },
};

let p: Park;
beforeEach(async () => {
  p = park();
  const told = await inProcess(nightOf(p, writeNight(join(p.root, 'night'), WORLD), WORLD.asOf));
  expect(told.code, told.err).toBe(0);
});

const dispatch = (out: string, ...more: string[]): Promise<Told> => {
  const library = write(join(p.root, 'inspectors.csv'), [HEADER, ...LIBRARY].join('\n'));
  return inProcess([
    'dispatch',
    '--state',
    p.state,
    '--checks',
    p.checks,
    '--inspectors',
    library,
    '--seed',
    '7',
    '--out',
    join(p.root, out),
    ...more,
  ]);
};
const orders = (out: string) =>
  readdirSync(join(p.root, out))
    .filter((f) => f.endsWith('.csv'))
    .map((f) => readFileSync(join(p.root, out, f), 'utf8'));
const cells = (text: string) =>
  text
    .replace('\ufeff', '')
    .trim()
    .split('\r\n')
    .slice(1)
    .map((l) => l.slice(1, -1).split('","'));

describe('dispatch', () => {
  test('sends two who may and know, one visit to an enterprise, one file to a department', async () => {
    const told = await dispatch('d');
    expect(told.code, told.err).toBe(0);
    expect(readdirSync(join(p.root, 'd')).sort()).toEqual(['run.json', '工作单-生态环境局.csv', '工作单-税务局.csv']);
    const rows = orders('d').flatMap(cells);
    expect(rows).toHaveLength(5);
    const of = (code: string, check: string) => rows.find((r) => r[1] === code && r[7] === check)!;
    // T3's certificate has run out; T4 must not go to either of the first two.
    for (const code of [uscc(1), uscc(2)]) expect(of(code, 'PK-01')[4]).toMatch(/甲一.*甲二|甲二.*甲一/);
    expect(of(uscc(3), 'PK-03')[4]).not.toContain('甲三');
    // E3 is of another region, E4 knows something else.
    for (const r of rows.filter((r) => r[7] === 'PK-02')) expect(r[4]).toMatch(/乙一.*乙二|乙二.*乙一/);
    expect(new Set(rows.filter((r) => r[1] === uscc(2)).map((r) => r[0])).size).toBe(1);
    expect(of(uscc(2), 'PK-01')[5]).toBe('生态环境局、税务局');
    expect(new Set(rows.map((r) => r[0])).size).toBe(3);
  });

  test('is the same from the same seed, and gives out nothing twice', async () => {
    expect((await dispatch('trial', '--dry-run')).out).toContain('试派，未入账');
    expect((await dump(p.state)).assignment).toEqual([]);
    await dispatch('d');
    expect(orders('d')).toEqual(orders('trial'));
    const once = await dump(p.state);
    expect((await dispatch('again')).out).toContain('新派 0，此前已派 5');
    expect(orders('again')).toEqual(orders('d'));
    expect(await dump(p.state)).toEqual(once);
    const history = await inProcess(['history', '--state', p.state, '--enterprise', uscc(3)]);
    expect(history.out).toMatch(/派单 {2}甲.、甲. {2}HC-20260209-/);
  });

  test('leaves out what is suppressed or answered; a filled-in work order is feedback', async () => {
    await inProcess([
      'suppress',
      'add',
      '--state',
      p.state,
      '--check',
      'PK-02',
      '--owner',
      'x',
      '--reason',
      'y',
      '--until',
      '2026-12-31',
    ]);
    await dispatch('d');
    const text = orders('d')[0]!;
    const [header] = text.split('\r\n');
    const filled = cells(text).map((r) =>
      [...r.slice(0, -4), '误报', '甲一', '2026-02-10', ''].map((x) => `"${x}"`).join(','),
    );
    const told = await inProcess([
      'feedback',
      write(join(p.root, 'back.csv'), [header, ...filled].join('\n')),
      '--state',
      p.state,
    ]);
    expect(told.out).toContain('已入账 3');
    expect((await dispatch('after', '--as-of', '2026-02-10')).out).toContain('0 条异常');
  });

  test('tells who is missing where there are not two', async () => {
    LIBRARY.splice(5, 1);
    const told = await dispatch('d');
    LIBRARY.splice(5, 0, 'E2,乙二,Ecology,,2030-12-31,PK-02,0,');
    expect(told.code).toBe(0);
    expect(told.err).toContain(
      '企业002有限公司（生态环境局，2条）无法派出两人：本部门 3 人，证件有效 3，区域相符 2，无须回避 2，专业相符 1',
    );
  });

  test('refuses an inspector library that cannot be read, row by row', async () => {
    LIBRARY.push('X1,丙,不存在的局,,2030-12-31,,0,', 'X2,丁,税务局,,2026-02-30,,0,');
    const told = await dispatch('d');
    LIBRARY.splice(-2);
    expect(told.code).toBe(3);
    expect(told.err).toContain("inspectors.csv row 10 no department '不存在的局'");
    expect(told.err).toContain('inspectors.csv row 11');
  });

  test('the lot spreads the work, and gives less to those who have more', () => {
    const inspector = (no: string, load: number): Inspector => ({
      no,
      name: no,
      department: 'tax',
      region: null,
      certificate_to: '2030-01-01',
      specialities: [],
      load,
      conflicts: [],
    });
    const all = [...Array.from({ length: 9 }, (_, i) => inspector(`N${i}`, 0)), inspector('BUSY', 60)];
    const tasks = Array.from(
      { length: 200 },
      (_, i): Task => ({
        uscc: `U${i}`,
        enterprise: `E${i}`,
        address: null,
        department: 'tax',
        subjects: [['PK-01']],
        urgency: 1,
      }),
    );
    const given = new Map<string, number>();
    const drawn = draw(tasks, all, 'seed', '2026-01-01', given);
    expect(drawn.every((x) => x.pair && x.pair[0].no !== x.pair[1].no)).toBe(true);
    const free = all.filter((x) => x.no !== 'BUSY').map((x) => given.get(x.no) ?? 0);
    expect(Math.max(...free) - Math.min(...free)).toBeLessThan(20);
    expect(given.get('BUSY') ?? 0).toBeLessThan(Math.min(...free) / 3);
    const other = draw(tasks, all, 'another', '2026-01-01', new Map());
    expect(other.map((x) => x.pair?.[0].no)).not.toEqual(drawn.map((x) => x.pair?.[0].no));
  });
});

describe('dossier', () => {
  const argv = () => [
    'dossier',
    uscc(2),
    '--input',
    join(p.root, 'night'),
    '--as-of',
    WORLD.asOf,
    '--checks',
    p.checks,
    '--state',
    p.state,
  ];
  test('has the values, the verdicts and the history of one enterprise, and of no other', async () => {
    const told = await inProcess([...argv(), '--format', 'json']);
    const x = JSON.parse(told.out);
    expect(x).toMatchObject({ uscc: uscc(2), name: '企业002有限公司' });
    expect(x.sources.map((s: { source: string; count: number }) => [s.source, s.count])).toEqual([
      ['enterprise', 1],
      ['permit', 2],
      ['tax', 1],
    ]);
    expect(x.themes[0].checks.map((c: { outcome: string }) => c.outcome)).toEqual([
      'anomaly',
      'anomaly',
      'consistent',
      'consistent',
    ]);
    expect(x.history).toHaveLength(3);
    expect(told.out).not.toContain(uscc(1));
    expect(told.out).not.toContain('张三丰');
  });

  test('agrees with the run', async () => {
    const outcomes = readFileSync(join(p.root, 'out', 'outcomes.csv'), 'utf8');
    const line = outcomes.split('\r\n').find((l) => l.includes(uscc(2)))!;
    const x = JSON.parse((await inProcess([...argv(), '--format', 'json'])).out);
    const words = x.themes[0].checks.map((c: { outcome_title: string }) => `"${c.outcome_title}"`).join(',');
    expect(line.endsWith(words)).toBe(true);
  });

  test('as a page has no script, and nothing of the data is markup', async () => {
    const out = join(p.root, 'file.html');
    const told = await inProcess([...argv(), '--format', 'html', '--out', out]);
    expect(told.code).toBe(0);
    const html = readFileSync(out, 'utf8');
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|https?:/);
    expect(html).toContain('疑似许可证过期');
  });

  test('of an enterprise that is not in the library says so', async () => {
    const told = await inProcess(['dossier', uscc(9), ...argv().slice(2)]);
    expect(told.code).toBe(3);
    expect(told.err).toContain(`no enterprise ${uscc(9)}`);
  });
});
