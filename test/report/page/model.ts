import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { allChecks } from '../../../src/checks/load-themes.js';
import { OutcomeWords } from '../../../src/compile/outcome-words.js';
import { DuckDb } from '../../../src/engine/duckdb/database.js';
import { ANOMALY_COLUMNS } from '../../../src/report/anomaly-columns.js';
import { catalogue } from '../../../src/report/catalogue.js';
import type { ReportModel } from '../../../src/report/model.js';
import type { Summary } from '../../../src/report/summary.js';
import { loadChecks } from '../../../src/run/load-checks.js';

/** Names that would do something, or turn the page around, if anybody took them for more than text. */
export const HOSTILE = [
  '<script>window.hurt=1</script>',
  '</script><img src=x onerror="window.hurt=1">',
  `"'\`><svg onload=window.hurt=1>`,
  'line\u2028separator\u2029here',
  '\u202Eecnetsiser\u202C有限公司',
  '{{constructor.constructor("window.hurt=1")()}}',
  '<!--<script>',
];

const dirs: string[] = [];
const engines: DuckDb[] = [];
afterAll(() => {
  for (const e of engines.splice(0)) e.close();
  for (const d of dirs.splice(0)) rmSync(d, { recursive: true, force: true });
});

/** A run of any size, made up: what writers of reports read, without the run. The checks are those that ship. */
export async function madeUp(anomalies: number, enterprises: number): Promise<ReportModel> {
  const { pack, themes } = loadChecks('checks');
  const checks = allChecks(themes);
  const entries = catalogue(checks, pack, 'zh', '2026-07-31');
  const dir = mkdtempSync(join(tmpdir(), 'bidui-page-'));
  dirs.push(dir);
  const session = await DuckDb.open();
  engines.push(session);
  for (const schema of ['run', 'src', 'report']) await session.run(`CREATE SCHEMA ${schema}`);
  const hostile = HOSTILE.map((name, i) => `WHEN i = ${i} THEN ${session.dialect.text(name)}`).join(' ');
  await session.run(
    `CREATE TABLE src.enterprise AS SELECT i + 1 AS _eid, 'U' || lpad(i::TEXT, 17, '0') AS uscc,
      CASE ${hostile} ELSE '苏州第' || i || '号有限公司' END AS name FROM range(${enterprises}) r(i)`,
  );
  const words = new OutcomeWords(checks, session.dialect);
  const places = new Map(checks.map((c, k) => [c.id, k]));
  const packed = words.packed(checks, (c) => `((_eid + ${places.get(c.id)}) % 4)`).join(', ');
  await session.run(`CREATE TABLE ${words.table} AS SELECT _eid, ${packed} FROM src.enterprise AS e`);
  const rows = entries.map(
    (e, k) =>
      `(${k}, ${[e.check_id, e.theme_id, e.department_id, e.check_title, ['red', 'yellow', 'blue'][k % 3]!].map(session.dialect.text).join(', ')})`,
  );
  const texts: Record<string, string> = {
    anomaly_id: `c.id || '-' || lpad(i::TEXT, 12, '0')`,
    uscc: 'e.uscc',
    enterprise: 'e.name',
    check_id: 'c.id',
    about: 'e.name',
    message: `'疑似' || c.title || '：' || e.name || ' 第' || i || '条'`,
    a_source: `'企业登记信息表'`,
    a_value: `'苏州工业园区星湖街' || i || '号'`,
    a_file: `'企业登记.csv'`,
    a_row: 'i + 2',
    b_source: `'税务登记信息表'`,
    b_value: `'苏州工业园区星海街' || i || '号'`,
    b_file: `'税务.csv'`,
    b_row: 'i + 5',
    other_evidence: `'登记状态：存续（企业登记信息表 企业登记.csv 第' || i || '行）；备注：' || e.name || '（税务登记信息表 税务.csv 第2行）'`,
  };
  const columns = ANOMALY_COLUMNS.map((c) => `${texts[c.id] ?? `''`} AS ${session.dialect.ident(c.id)}`);
  await session.run(
    `CREATE TABLE report.anomalies AS SELECT ${columns.join(', ')}, c.theme AS _theme, c.dept AS _department, c.severity AS _severity,
      c.k AS _position, e._eid AS _eid, FALSE AS _suppressed, i + 1 AS _order
     FROM range(${anomalies}) r(i) JOIN (VALUES ${rows.join(', ')}) c(k, id, theme, dept, title, severity) ON c.k = i % ${checks.length}
     JOIN src.enterprise e ON e._eid = i % ${enterprises} + 1`,
  );
  await session.run(
    `CREATE TABLE report.quarantine AS SELECT '税务登记信息表' AS source, '税务.csv' AS file, 7 AS "row", '单个字段' AS scope, '名称' AS field,
      ${session.dialect.text(HOSTILE[0]!)} AS raw, 'x' AS reason, '说明' AS explanation, '处理' AS fix, '' AS name, 1 AS _order`,
  );
  const outcome = { consistent: 0, anomaly: 0, not_comparable: 0, not_applicable: enterprises };
  const summary = {
    ...{ as_of: '2026-07-31', lang: 'zh', enterprises, enterprises_anomalous: 0, checks: checks.length, anomalies },
    outcomes: outcome,
    by_theme: themes.map((t) => ({ theme: t.def.theme, enterprises_compared: 1, enterprises_anomalous: 1 })),
    by_check: entries.map((e) => ({ check: e.check_id, ...outcome })),
    by_source: [],
  } as unknown as Summary;
  return {
    ...{
      session,
      engine: session,
      pack,
      lang: 'zh',
      dir,
      tempDir: dir,
      version: '0.0.0',
      summary,
      entries,
      checks,
      followed: false,
    },
    themes: themes.map((t) => ({ id: t.def.theme, name: t.def.title.zh })),
    departments: [],
    record: { files: [], sources: {}, notes: [], seconds: { total: 0, sources: {} } },
    unmasked: false,
    runId: '',
  } as ReportModel;
}
