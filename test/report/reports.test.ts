import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { ANOMALY_COLUMNS } from '../../src/report/anomaly-columns.js';
import { inProcess, runOf, type Told } from '../cli/bidui.js';
import { A, B, C, EXTRACTS, PERSONAL, type World, world } from '../cli/world.js';
import { csvRows, json } from './read.js';

let w: World;
let told: Told;
beforeAll(async () => {
  w = world();
  told = await inProcess(runOf(w, '--format', 'parquet,arrow,json'));
});
const text = (file: string) => readFileSync(join(w.out, file), 'utf8');
const rows = () => csvRows(w.out, 'anomalies.csv');

describe('anomalies.csv', () => {
  test('opens right in Excel: BOM, CRLF, every cell quoted, codes that stay codes', () => {
    const csv = text('anomalies.csv');
    expect(csv.startsWith('\uFEFF"异常编号",')).toBe(true);
    expect(
      csv
        .split('\n')
        .slice(0, -1)
        .every((line) => line.endsWith('\r')),
    ).toBe(true);
    expect(csv.endsWith('\r\n')).toBe(true);
    for (const line of csv.slice(1).split('\r\n').slice(0, -1)) expect(line).toMatch(/^("([^"]|"")*",)+"([^"]|"")*"$/);
    expect(rows().map((r) => r.涉及对象)).toEqual([
      '110***********8814',
      '110***********889X',
      '\t913205940000000012',
      "'=1+cmd|'/c calc'!A1",
      '\t3-2',
      '',
    ]);
  });

  test('tells a row whole: who, what contradicts what, where each value stands, on what basis, who handles it', () => {
    expect(rows()[2]).toMatchObject({
      异常编号: expect.stringMatching(/^AA-01-[0-9A-F]{12}$/),
      统一社会信用代码: A,
      企业名称: '苏州甲有限公司',
      主题: '许可证',
      规则编号: 'AA-01',
      规则名称: '许可证已过期',
      检查事项: '检查事项',
      关键检查点: '关键检查点',
      异常类型: '过期',
      风险等级: '红',
      责任部门: '生态环境局',
      协同部门: '市场监管局',
      涉及对象: '\t913205940000000012',
      异常描述: '疑似许可证过期：许可证 913205940000000012 有效期至 2025-05-31',
      数据来源A: '许可证表',
      字段A: '有效期至',
      值A: '2025-05-31',
      文件A: '许可证.csv',
      行号A: '3',
      数据来源B: '企业登记表',
      字段B: '登记状态',
      值B: '存续',
      文件B: '企业登记_20260731.csv',
      行号B: '2',
      其他佐证: '年费：-5元（许可证表 许可证.csv 第3行）；许可证编号：913205940000000012（许可证表 许可证.csv 第3行）',
      法律依据: '许可条例第十四条',
      核查建议: '请核实',
      基准日: '2026-07-31',
      核查状态: '待核查',
      核查人: '',
      反馈日期: '',
      核查结果说明: '',
    });
  });

  test('is split by theme and by department without losing or doubling a row, under names that no title can lead astray', () => {
    for (const folder of ['by-theme', 'by-department']) {
      const files = readdirSync(join(w.out, folder));
      const split = files.flatMap((f) => csvRows(join(w.out, folder), f).map((r) => r.异常编号));
      expect(split.sort()).toEqual(
        rows()
          .map((r) => r.异常编号)
          .sort(),
      );
    }
    expect(readdirSync(join(w.out, 'by-theme')).sort()).toEqual(['人员_证件.csv', '许可证.csv'].sort());
  });

  test('is the same table in JSON', () => {
    const ids = ANOMALY_COLUMNS.map((c) => c.id);
    const plain = (cell: string) => cell.replace(/^[\t'](?=[=0-9])/, '');
    const fromCsv = rows().map((r) => ANOMALY_COLUMNS.map((c) => plain(r[c.title.zh] as string)));
    const asText = (all: Record<string, unknown>[]) =>
      all.map((r) => ids.map((id) => (r[id] === null ? '' : String(r[id]))));
    expect(asText(json(w.out, 'anomalies.json'))).toEqual(fromCsv);
  });
});

test('outcomes.csv has a word for every enterprise and check, and adds up to the summary', () => {
  expect(csvRows(w.out, 'outcomes.csv')).toEqual([
    {
      统一社会信用代码: A,
      企业名称: '苏州甲有限公司',
      'BB-01 离职人员仍在册': '异常',
      'AA-01 许可证已过期': '异常',
      'AA-02 法定代表人不一致': '异常',
    },
    {
      统一社会信用代码: B,
      企业名称: '苏州乙"引号",逗号有限公司',
      'BB-01 离职人员仍在册': '不适用',
      'AA-01 许可证已过期': '异常',
      'AA-02 法定代表人不一致': '一致',
    },
    {
      统一社会信用代码: C,
      企业名称: '苏州丙有限公司',
      'BB-01 离职人员仍在册': '不适用',
      'AA-01 许可证已过期': '不适用',
      'AA-02 法定代表人不一致': '不适用',
    },
  ]);
  const { outcomes, by_check, by_theme, enterprises, anomalies, by_severity, by_department } = json(
    w.out,
    'summary.json',
  );
  expect(outcomes).toEqual({ consistent: 1, anomaly: 4, not_comparable: 0, not_applicable: 4 });
  const sum = (all: { anomalies: number }[]) => all.reduce((n, x) => n + x.anomalies, 0);
  expect(enterprises).toBe(3);
  expect([anomalies, sum(by_check), sum(by_theme), sum(by_severity), sum(by_department)]).toEqual([6, 6, 6, 6, 6]);
});

test('quarantine.csv tells what was not read, why, and what to do', () => {
  expect(csvRows(w.out, 'quarantine.csv')).toEqual([
    {
      数据来源: '企业登记表',
      文件: '企业登记_20260731.csv',
      行号: '3',
      隔离范围: '单个字段',
      字段: '成立日期',
      原始值: '2026-02-30',
      原因代码: 'no_such_day',
      原因说明: '日历上没有这一天',
      处理建议: '请核对月、日',
      企业名称: '苏州乙"引号",逗号有限公司',
    },
    {
      数据来源: '许可证表',
      文件: '许可证.csv',
      行号: '6',
      隔离范围: '单个字段',
      字段: '统一社会信用代码',
      原始值: '91320594MA1TEXT06G',
      原因代码: 'check_digit',
      原因说明: '校验码不符，至少有一位写错',
      处理建议: '请对照证照逐位核对',
      企业名称: '苏州丁有限公司',
    },
  ]);
});

describe('run.json', () => {
  test('says what was read, byte for byte, and how', () => {
    const { files } = json(w.out, 'run.json');
    expect(files.map((f: { name: string }) => f.name).sort()).toEqual(Object.keys(EXTRACTS).sort());
    for (const f of files) {
      const path = join(w.input, f.name);
      expect(f).toMatchObject({
        bytes: statSync(path).size,
        sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
        format: 'csv',
        delimiter: ',',
        encoding: { name: 'utf-8', reason: expect.any(String) },
      });
    }
  });

  test('reconciles: rows = loaded + quarantined + duplicates, by file, by source, in all', () => {
    const { files, sources, totals } = json(w.out, 'run.json');
    const adds = (c: Record<string, number>, rows: string) =>
      (c.loaded ?? 0) + (c.quarantined_rows ?? 0) + (c.duplicates ?? 0) === c[rows];
    for (const f of files) expect(adds(f.counts, 'data')).toBe(true);
    for (const s of Object.values(sources) as { counts: Record<string, number> }[])
      expect(adds(s.counts, 'data')).toBe(true);
    expect(totals).toMatchObject({
      files: 3,
      rows: 10,
      loaded: 10,
      quarantined_rows: 0,
      quarantined_fields: 2,
      duplicates: 0,
    });
  });

  test('names versions, checks and every report', () => {
    const record = json(w.out, 'run.json');
    expect(record).toMatchObject({ as_of: '2026-07-31', lang: 'zh', unmasked: false, anomalies: 6 });
    expect(record.versions).toEqual({ bidui: record.bidui, engine: expect.stringMatching(/^DuckDB v\d/) });
    expect(record.checks).toMatchObject({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      themes: ['people', 'permits'],
      checks: 3,
    });
    const written = readdirSync(w.out, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
    expect(record.reports).toEqual(written.map((e) => join(e.parentPath, e.name).slice(w.out.length + 1)).sort());
    expect(Object.keys(record.machine.seconds)).toEqual(['ingest', 'compare', 'ingest_sources']);
  });
});

test('--lang en says everything in English but what the extracts say, with the same anomalies', async () => {
  const en = world();
  const english = await inProcess(runOf(en, '--lang', 'en'));
  expect(english.out).toContain('As of 2026-07-31: 3 enterprises, 3 checks, 6 possible anomalies at 2 enterprises');
  const all = csvRows(en.out, 'anomalies.csv');
  expect(all.map((r) => r['Anomaly id'])).toEqual(rows().map((r) => r.异常编号));
  expect(all[2]).toMatchObject({
    Theme: 'Permits',
    Severity: 'Red',
    Department: 'Ecology',
    Description: 'Possible expired permit: 913205940000000012 was valid until 2025-05-31',
    'Source A': 'Permits',
    'Value B': 'Active',
  });
  expect(readdirSync(join(en.out, 'by-theme'))).toEqual(['People.csv', 'Permits.csv']);
  const words = /[\u4e00-\u9fff]+/g;
  const chinese = new Set(readFileSync(join(en.out, 'anomalies.csv'), 'utf8').match(words));
  for (const word of chinese)
    expect(`${Object.keys(EXTRACTS).join()}${Object.values(EXTRACTS).join()}许可条例第十四条`).toContain(word);
});

describe('personal data', () => {
  const everything = (dir: string) =>
    readdirSync(dir, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile())
      .map((e) => readFileSync(join(e.parentPath, e.name)));

  /** Compressed pages would hide a value from a search. */
  const readable = ['--format', 'arrow,json,ndjson,junit,markdown,openlineage'];
  const dirty = {
    // A phone and an ID number that cannot be read, a repeated key, and a row that cannot be split.
    '企业登记_20260731.csv': EXTRACTS['企业登记_20260731.csv']?.replace(
      '存续,欧阳建国,13812345678',
      '存续,欧阳建国,13812345678转',
    ) as string,
    '人员.csv': `${EXTRACTS['人员.csv']}${A},110101199003078814,司马相如,,,\n${B},110101199003078815,皇甫端木,,,\n${B},独孤求败110101199003071234,,,,\n${B},11010119900307889X,"令狐冲"之,a,b,c,d,e\n`,
  };

  test('is found nowhere in masked reports, not even in the quarantine', async () => {
    const masked = world({ extracts: dirty });
    const run = await inProcess(runOf(masked, ...readable));
    expect(run.code).toBe(0);
    expect(csvRows(masked.out, 'quarantine.csv').length).toBeGreaterThan(5);
    for (const value of [
      ...PERSONAL,
      '司马相如',
      '皇甫端木',
      '独孤',
      '110101199003071234',
      '令狐冲',
      '110101199003078815',
    ]) {
      for (const file of everything(masked.out)) expect(file.includes(value)).toBe(false);
      expect(run.out + run.err).not.toContain(value);
    }
  });

  test('is shown with --unmasked', async () => {
    const open = world();
    expect((await inProcess(runOf(open, '--unmasked'))).code).toBe(0);
    const all = everything(open.out).map(String).join('\n');
    for (const value of PERSONAL) expect(all).toContain(value);
    expect(json(open.out, 'run.json').unmasked).toBe(true);
    const refused = world({ extracts: dirty });
    await inProcess(runOf(refused, '--unmasked'));
    expect(everything(refused.out).join('\n')).toContain('110101199003078815');
  });
});

test('a run without an anomaly writes the same files, with headers alone', async () => {
  const none = world();
  await inProcess(runOf(none, '--as-of', '2020-01-01', '--theme', 'permits', '--format', 'json,arrow,parquet'));
  const ids = csvRows(none.out, 'anomalies.csv').map((r) => r.规则编号);
  // Only the legal representatives differ whatever the day is.
  expect(ids).toEqual(['AA-02']);
  expect(text('anomalies.csv').split('\r\n')[0]).toBe(
    readFileSync(join(none.out, 'by-department/生态环境局.csv'), 'utf8').split('\r\n')[0],
  );
  expect(csvRows(none.out, 'by-department/生态环境局.csv')).toEqual([]);
});

test('the summary names what was written and how much of each', () => {
  expect(told.code).toBe(0);
  expect(told.out).toContain(
    'anomalies.csv, outcomes.csv, quarantine.csv, 数据字典.csv, dictionary.md, datapackage.json, anomalies.parquet, anomalies.arrow, anomalies.json, summary.json, run.json, by-theme/ (2), by-department/ (3)',
  );
});
