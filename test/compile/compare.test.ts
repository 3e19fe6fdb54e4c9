import { describe, expect, test } from 'vitest';
import { columnsRead } from '../../src/compile/columns-read.js';
import { planFrames } from '../../src/compile/plan.js';
import type { Lang } from '../../src/config/text.js';
import { ingest } from '../../src/ingest/ingest.js';
import { compare } from '../../src/run/compare.js';
import { factsOf, wordingOf } from '../../src/run/facts.js';
import { type CheckInput, check, checksOf, directory, engine } from '../checks/harness.js';

const A = '91320594MA1TEXT06F';
const B = '91320594MA2000019B';
const C = '91320594MA7ABCDE97';
const csv = (...rows: string[]) => `${rows.join('\n')}\n`;

const EXTRACTS = {
  'enterprise.csv': csv(
    'uscc,name,status,person,phone,capital,ratio,a,n,founded_on',
    `${A},苏州甲有限公司,存续,欧阳建国,13812345678,1234567.5,25%,是,3,2020-01-05`,
    `${B},苏州乙有限公司,注销,诸葛明亮,,,,否,,长期`,
    `${C},苏州丙有限公司,存续,,,,,,,`,
  ),
  'permit.csv': csv(
    'permit_no,uscc,status,valid_to,kind,keeper,amount,n',
    `P1,${A},存续,2026-01-01,x,欧阳建国,1.5,1`,
    `P2,${A},存续,2027-01-01,x,上官婉儿,,2`,
    `P3,${A},注销,2026-03-01,y,上官婉儿,,3`,
    `P4,${B},存续,2026-02-01,y,,,4`,
  ),
};

interface Found {
  id: string;
  uscc: string;
  check_id: string;
  severity: string;
  about: string;
  message: string;
}

async function found(
  checks: CheckInput[],
  o: { lang?: Lang; unmasked?: boolean; extracts?: Record<string, string> } = {},
) {
  const loaded = checksOf(checks);
  const db = await engine();
  const record = await ingest(db, loaded.pack, {
    inputDir: directory({ ...EXTRACTS, ...o.extracts }),
    tempDir: directory({}),
    columns: columnsRead(loaded.checks),
  });
  const facts = await factsOf(db, loaded.pack, record, {
    asOf: '2026-07-31',
    lang: o.lang ?? 'zh',
    unmasked: o.unmasked ?? false,
  });
  const counts = await compare(db, loaded.checks, facts, wordingOf(loaded.pack));
  const columns = 'id, uscc, check_id, severity, about, message';
  return {
    counts,
    rows: await db.rows<Found>(`SELECT ${columns} FROM run.anomalies ORDER BY check_id, uscc, about`),
    evidence: await db.rows<{ label: string; value: string; source: string; _row: number; rows: number }>(
      'SELECT a.check_id, e.label, e.value, e.source, e._row, e.rows FROM run.evidence e JOIN run.anomalies a ON a.id = e.id ORDER BY a.check_id, a.uscc, a.about, e.position',
    ),
  };
}

const EXPIRED = check({
  with: { permit: { from: 'permit', each: true } },
  when: "permit.status == 'active'",
  expect: 'permit.valid_to >= as_of',
  about: ['permit.permit_no'],
  message: { zh: '疑似过期：{permit.permit_no}', en: 'Possibly expired: {permit.permit_no}' },
  evidence: ['permit.valid_to', 'enterprise.status'],
});

describe('what is told of an anomaly', () => {
  const SHOWN = check({
    expect: "enterprise.status != 'active' || !enterprise.a",
    message: {
      zh: '疑似{enterprise.status}、{enterprise.capital}、{enterprise.ratio}、{enterprise.a}、{enterprise.n}、{enterprise.founded_on}、{enterprise.person}、{enterprise.phone}、{enterprise.address}',
      en: 'Possibly {enterprise.status}, {enterprise.capital}, {enterprise.ratio}, {enterprise.a}, {enterprise.n}, {enterprise.founded_on}, {enterprise.person}, {enterprise.phone}, {enterprise.address}',
    },
  });

  test('values in the words of the reader', async () => {
    const zh = await found([SHOWN]);
    const en = await found([SHOWN], { lang: 'en' });
    expect(zh.rows[0]?.message).toBe('疑似存续、1,234,567.5元、25%、是、3、2020-01-05、欧**、138****5678、（空）');
    expect(en.rows[0]?.message).toBe(
      'Possibly Active, 1,234,567.5 yuan, 25%, yes, 3, 2020-01-05, 欧**, 138****5678, (blank)',
    );
  });

  test('no end is no day', async () => {
    const part = check({
      expect: 'enterprise.a',
      message: { zh: '疑似{enterprise.founded_on}', en: 'Possibly {enterprise.founded_on}' },
    });
    expect((await found([part])).rows.map((r) => r.message)).toEqual(['疑似长期']);
  });

  test('personal data stays masked whatever is made of it', async () => {
    const part = check({
      with: {
        permits: { from: 'permit', group: { keepers: 'collect(permits.keeper)', first: 'min(permits.keeper)' } },
        permit: { from: 'permit', pick: 'earliest valid_to' },
      },
      let: {
        either: 'first_of(permit.keeper, enterprise.person)',
        chosen: 'enterprise.a ? enterprise.person : permit.keeper',
      },
      when: 'enterprise.a',
      expect: 'permits.first == "x"',
      message: {
        zh: '疑似{permits.keepers}；{permits.first}；{either}；{chosen}；{substr(enterprise.phone, 1, 9)}；{upper(enterprise.person)}；{only_if(enterprise.a, enterprise.person)}',
        en: 'Possibly {permits.keepers}; {permits.first}; {either}; {chosen}; {substr(enterprise.phone, 1, 9)}; {upper(enterprise.person)}; {only_if(enterprise.a, enterprise.person)}',
      },
      evidence: [{ label: { zh: '人', en: 'Persons' }, value: 'permits.keepers' }],
      about: ['permit.keeper'],
    });
    const masked = await found([part]);
    expect(masked.rows[0]?.message).toBe('疑似上**、欧**；上**；欧**；欧**；****3456；欧**；欧**');
    expect(masked.rows[0]?.about).toBe('欧**');
    const told = JSON.stringify(masked.rows) + JSON.stringify(masked.evidence);
    for (const secret of ['欧阳建国', '上官婉儿', '13812345678']) expect(told).not.toContain(secret);
    const unmasked = await found([part], { unmasked: true });
    expect(unmasked.rows[0]?.message).toContain('上官婉儿、欧阳建国');
    expect(unmasked.rows[0]?.id).toBe(masked.rows[0]?.id);
  });

  test('each value with its source, row, and of how many rows', async () => {
    const part = check({
      with: { all: { from: 'permit', where: "all.status == 'active'", group: { last: 'max(all.valid_to)' } } },
      when: 'all.last > as_of',
      expect: 'all.last < as_of',
      evidence: ['enterprise.n', { label: { zh: '最晚', en: 'Latest' }, value: 'all.last' }],
    });
    expect((await found([part])).evidence).toMatchObject([
      { label: 'N甲', value: '3', source: 'enterprise', _row: 2, rows: 1 },
      { label: '最晚', value: '2027-01-01', source: 'permit', _row: 2, rows: 2 },
    ]);
  });

  test('of several rows a value may come from, the first that was found', async () => {
    const part = check({
      with: { survey: { from: 'survey' }, permit: { from: 'permit', pick: 'latest valid_to' } },
      let: { kind: 'first_of(survey.kind, permit.kind)' },
      when: 'is_known(kind)',
      expect: "kind == 'z'",
      evidence: [{ label: { zh: '类别', en: 'Kind' }, value: 'kind', from: ['survey', 'permit'] }],
    });
    const { evidence } = await found([part], { extracts: { 'survey.csv': csv('uscc,n,kind', `${B},1,q`) } });
    expect(evidence).toMatchObject([
      { value: 'x', source: 'permit', _row: 3 },
      { value: 'q', source: 'survey', _row: 2 },
    ]);
  });

  test('severity by cases, the first that holds', async () => {
    const part = {
      ...EXPIRED,
      severity: {
        cases: [
          { when: "permit.kind == 'zzz'", severity: 'red' },
          { when: "permit.kind == 'x'", severity: 'yellow' },
        ],
        otherwise: 'blue',
      },
    };
    expect((await found([part])).rows.map((r) => [r.about, r.severity])).toEqual([
      ['P1', 'yellow'],
      ['P4', 'blue'],
    ]);
  });
});

test('frames together: each enterprise has the outcome of those that judge it, and of rows that it does not have 不适用', async () => {
  const rows = check({
    id: 'AA-02',
    with: { permit: { from: 'permit', where: "permit.kind == 'y'", each: true } },
    expect: 'permit.n == 3',
  });
  const whole = check({ id: 'AA-03', expect: "enterprise.status == 'active'" });
  for (const checks of [
    [EXPIRED, rows, whole],
    [rows, EXPIRED],
  ]) {
    expect(planFrames(checksOf(checks).checks)).toHaveLength(checks.length);
    const { counts } = await found(checks);
    expect(counts.get('AA-01')).toMatchObject({ anomaly: 2, consistent: 0, not_applicable: 1 });
    expect(counts.get('AA-02')).toMatchObject({ anomaly: 1, consistent: 1, not_applicable: 1 });
    if (checks.includes(whole)) expect(counts.get('AA-03')).toMatchObject({ anomaly: 1, consistent: 2 });
  }
});

describe('identity', () => {
  const about = { ...EXPIRED, about: ['permit.status', 'permit.valid_to', 'permit.n', 'permit.keeper'] };

  test('is the same in every language, masked or not, in any order of rows', async () => {
    const ids = async (o: Parameters<typeof found>[1]) => (await found([about], o)).rows.map((r) => r.id).sort();
    const first = await ids({});
    expect(first).toHaveLength(2);
    expect(await ids({ lang: 'en' })).toEqual(first);
    expect(await ids({ unmasked: true })).toEqual(first);
    const [header, ...rows] = EXTRACTS['permit.csv'].trim().split('\n');
    expect(await ids({ extracts: { 'permit.csv': csv(header!, ...rows.reverse()) } })).toEqual(first);
  });

  test('rows about one thing are one anomaly', async () => {
    const part = { ...EXPIRED, when: undefined, about: ['enterprise.uscc'] };
    const { rows, counts } = await found([part]);
    expect(rows.map((r) => r.message)).toEqual(['疑似过期：P1', '疑似过期：P4']);
    expect(counts.get('AA-01')).toMatchObject({ anomaly: 2 });
  });
});

describe('one cause, one row', () => {
  const whole = (id: string, part: CheckInput = {}) =>
    check({
      id,
      with: { all: { from: 'permit', group: { n: 'count()' } } },
      when: 'all.n > 0',
      expect: 'all.n == 0',
      ...part,
    });

  test('about the enterprise as a whole', async () => {
    const { rows, counts } = await found([EXPIRED, whole('AA-02', { supersedes: ['AA-01'] })]);
    expect(rows.map((r) => r.check_id)).toEqual(['AA-02', 'AA-02']);
    expect(counts.get('AA-01')).toEqual({ consistent: 0, anomaly: 0, not_comparable: 0, not_applicable: 3 });
  });

  test('about the same row only', async () => {
    const first = {
      ...EXPIRED,
      id: 'AA-02',
      when: "permit.kind == 'y' && permit.status == 'active'",
      supersedes: ['AA-01'],
    };
    const { rows, counts } = await found([EXPIRED, first]);
    expect(rows.map((r) => [r.check_id, r.about])).toEqual([
      ['AA-01', 'P1'],
      ['AA-02', 'P4'],
    ]);
    expect(counts.get('AA-01')).toEqual({ consistent: 0, anomaly: 1, not_comparable: 0, not_applicable: 2 });
  });

  test('a chain leaves its first cause', async () => {
    const { rows } = await found([
      EXPIRED,
      whole('AA-02', { supersedes: ['AA-01'] }),
      whole('AA-03', { supersedes: ['AA-02'] }),
    ]);
    expect(rows.map((r) => r.check_id)).toEqual(['AA-03', 'AA-03']);
  });
});

test('a check that asks nothing of the enterprise but that it is there', async () => {
  const { rows } = await found([check({ ...EXPIRED, evidence: ['permit.valid_to'] })]);
  expect(rows.map((r) => [r.uscc, r.about])).toEqual([
    [A, 'P1'],
    [B, 'P4'],
  ]);
});

describe('shared scans', () => {
  const lookups = (...parts: CheckInput[]) => {
    const { checks } = checksOf(parts.map((p, i) => check({ id: `AA-0${i + 1}`, ...p })));
    return planFrames(checks).map((f) => f.lookups.map((l) => l.lookup.relation.alias));
  };

  test('the same rows under other names, other values over the same rows', () => {
    const group = (alias: string, value: string, where = 'n > 1') => ({
      with: { [alias]: { from: 'permit', where: `${alias}.${where}`, group: { v: value } } },
      expect: `${alias}.v > 0`,
    });
    expect(lookups(group('a', 'sum(a.n)'), group('b', 'count()'), group('c', 'count()', 'n > 2'))).toEqual([
      ['a', 'c'],
    ]);
  });

  test('through other rows: names decide nothing, what they stand for does', () => {
    const chain = (where: string, first: string, second: string) => ({
      with: {
        [first]: { from: 'permit', where: `${first}.${where}`, pick: 'latest valid_to' },
        [second]: { from: 'report', on: `${second}.permit_no == ${first}.permit_no`, pick: 'latest year' },
      },
      expect: `exists(${second})`,
    });
    expect(lookups(chain('n > 1', 'p', 'r'), chain('n > 1', 'q', 's'))).toEqual([['p', 'r']]);
    expect(lookups(chain('n > 1', 'p', 'r'), chain('n > 2', 'p', 'r'))).toEqual([['p', 'r', 'p', 'r']]);
  });

  test('rows to judge that are found through other rows', () => {
    const judged = (where: string) => ({
      with: {
        survey: { from: 'survey' },
        first: { from: 'permit', where: `first.${where}`, pick: 'latest valid_to' },
        permit: { from: 'permit', each: true, on: 'permit.kind == first.kind' },
      },
      expect: 'permit.n > 0 && survey.n > 0',
      about: ['permit.permit_no'],
    });
    expect(lookups(judged('n > 1'), judged('n > 1'))).toHaveLength(1);
    expect(lookups(judged('n > 1'), judged('n > 2'))).toHaveLength(2);
  });

  test('checks that share give what they give alone', async () => {
    const sum = check({ id: 'AA-01', with: { a: { from: 'permit', group: { s: 'sum(a.n)' } } }, expect: 'a.s == 6' });
    const most = check({
      id: 'AA-02',
      with: { b: { from: 'permit', group: { m: 'max(b.n)' } } },
      when: 'b.m > 0',
      expect: 'b.m == 4',
    });
    const together = await found([sum, most, { ...EXPIRED, id: 'AA-03' }]);
    const alone = [await found([sum]), await found([most]), await found([{ ...EXPIRED, id: 'AA-03' }])];
    expect(together.rows).toEqual(alone.flatMap((a) => a.rows));
    expect(together.counts.get('AA-01')).toEqual({ consistent: 1, anomaly: 2, not_comparable: 0, not_applicable: 0 });
    for (const [id, c] of together.counts) {
      expect(c.consistent + c.anomaly + c.not_comparable + c.not_applicable, id).toBe(3);
    }
  });
});

test('a column that was not delivered is unknown in every row', async () => {
  const { 'permit.csv': whole } = EXTRACTS;
  const without = whole
    .trim()
    .split('\n')
    .map((line) =>
      line
        .split(',')
        .filter((_, i) => i !== 4)
        .join(','),
    );
  const by = (join: object) => check({ with: { permit: { from: 'permit', ...join } }, expect: 'exists(permit)' });
  for (const join of [
    { where: "permit.kind == 'x'", pick: 'latest valid_to' },
    { on: 'permit.kind == enterprise.uscc', pick: 'latest valid_to' },
  ]) {
    const { counts } = await found([by(join)], { extracts: { 'permit.csv': csv(...without) } });
    expect(counts.get('AA-01')).toMatchObject({ anomaly: join.where ? 1 : 0 });
  }
});
