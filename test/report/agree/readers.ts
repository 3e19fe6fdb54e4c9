import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { DuckDb } from '../../../src/engine/duckdb/database.js';
import type { ReportFormat } from '../../../src/report/formats.js';
import { OUTCOMES } from '../../../src/report/page/data.js';
import { embedded } from '../page/embedded.js';
import { json } from '../read.js';
import { all, readXml } from '../read-xml.js';
import { records, sheets, themeSheets } from '../workbook/read.js';
import { count, type Made, OUTCOME_ORDER, pairs, type Said } from './said.js';

const text = (m: Made, file: string) => readFileSync(join(m.out, file), 'utf8');

interface MachineRow {
  anomaly_id: string;
  severity_id: string;
  department_id: string;
  theme_id: string;
  check_id: string;
  state_id: string | null;
}

const saidByMachine = (m: Made, rows: readonly MachineRow[]): Said => ({
  total: rows.length,
  ids: rows.map((r) => r.anomaly_id),
  severity: count(rows.map((r) => r.severity_id)),
  department: count(rows.map((r) => r.department_id)),
  theme: count(rows.map((r) => r.theme_id)),
  check: count(rows.map((r) => r.check_id)),
  ...(m.summary.ledger ? { state: count(rows.map((r) => r.state_id ?? '?')) } : {}),
});

/**
 * How each format is read back. A format that registers itself in src/report/formats.ts without a line here is a type error and a
 * failing test: no report may say something of its own.
 */
export const READERS: Record<ReportFormat, (m: Made) => Said | Promise<Said>> = {
  parquet: async (m) => {
    const db = await DuckDb.open();
    const rows = await db.rows<MachineRow>(`SELECT * FROM read_parquet('${join(m.out, 'anomalies.parquet')}')`);
    db.close();
    return saidByMachine(m, rows);
  },

  arrow: (m) => saidByMachine(m, tableFromIPC(readFileSync(join(m.out, 'anomalies.arrow'))).toArray() as MachineRow[]),

  ndjson: (m) =>
    saidByMachine(
      m,
      text(m, 'anomalies.ndjson')
        .split('\n')
        .filter(Boolean)
        .map((l) => JSON.parse(l) as MachineRow),
    ),

  json: (m) => {
    const rows: { anomaly_id: string; severity: string; department: string; theme: string; check_id: string }[] = json(
      m.out,
      'anomalies.json',
    );
    return {
      total: rows.length,
      ids: rows.map((r) => r.anomaly_id),
      severity: count(rows.map((r) => m.ids.severity.get(r.severity))),
      department: count(rows.map((r) => m.ids.department.get(r.department))),
      theme: count(rows.map((r) => m.ids.theme.get(r.theme))),
      check: count(rows.map((r) => r.check_id)),
    };
  },

  xlsx: async (m) => {
    const rows = themeSheets(await sheets(join(m.out, 'anomalies.xlsx'))).flatMap((s) => records(s));
    return {
      total: rows.length,
      ids: rows.map((r) => r.异常编号!),
      severity: count(rows.map((r) => m.ids.severity.get(r.风险等级!))),
      department: count(rows.map((r) => m.ids.department.get(r.责任部门!))),
    };
  },

  html: (m) => {
    const { head, parts } = embedded(join(m.out, 'report.html'));
    const rows = parts('anomalies').flatMap((p) =>
      p.id.map((id, i) => ({ id, check: head.checks[p.check[i]!]!, severity: head.severities[p.severity[i]!]!.id })),
    );
    const sum = (of: (c: (typeof head.counts)[number]) => string): Record<string, number> => {
      const n: Record<string, number> = {};
      for (const c of head.counts) n[of(c)] = (n[of(c)] ?? 0) + c[3];
      return n;
    };
    return {
      total: head.totals.anomalies.all,
      ids: rows.map((r) => r.id),
      severity: sum((c) => head.severities[c[2]]!.id),
      department: sum((c) => head.departments[c[1]]!.id),
      theme: sum((c) => head.themes[c[0]]!.id),
      check: count(rows.map((r) => r.check.id)),
      outcomes: pairs(OUTCOMES.map((o) => [o, head.outcomes[o]])),
    };
  },

  junit: (m) => {
    const suites = all(readXml(text(m, 'junit.xml')), 'testsuite');
    const property = (i: number, name: string) =>
      Number(all(suites[i]!, 'property').find((p) => p.attributes.name === `bidui.${name}`)?.attributes.value);
    const sum = (name: string) => suites.reduce((n, _, i) => n + property(i, name), 0);
    const cases = suites.flatMap((s) => all(s, 'testcase'));
    const told = cases.flatMap((c) =>
      c.children.flatMap((x) => [...x.text.matchAll(/^\[(.+?)\] .* ([A-Z]{2}-\d\d-[0-9A-F]{12})$/gm)]),
    );
    return {
      total: sum('anomalies'),
      ids: told.map((t) => t[2]!),
      severity: count(told.map((t) => m.ids.severity.get(t[1]!))),
      theme: pairs(suites.map((s, i) => [m.ids.theme.get(s.attributes.name!)!, property(i, 'anomalies')])),
      check: count(told.map((t) => t[2]!.slice(0, 5))),
      outcomes: pairs(OUTCOME_ORDER.map((o) => [o, sum(o)])),
    };
  },

  markdown: (m) => {
    const rows = text(m, 'summary.md')
      .split('\n')
      .filter((l) => l.startsWith('| '))
      .map((l) => l.slice(2, -2).split(' | '));
    const numbers = (title: string) => rows.find((r) => r[0]!.replace(/^\S+ (?=[红黄蓝])/, '') === title)!.slice(1);
    const total = rows.find((r) => r[0] === '**合计**')!.map((c) => Number(c.replaceAll('*', '')));
    const told = rows.filter((r) => r.length === 6 && /^[A-Z]{2}-\d\d-/.test(r[5]!));
    return {
      total: Number(/\*\*疑似异常 (\d+) 条\*\*/.exec(text(m, 'summary.md'))?.[1]),
      ids: told.map((r) => r[5]!),
      severity: pairs([...m.ids.severity].map(([title, id]) => [id, Number(numbers(title)[0])])),
      department: pairs([...m.ids.department].map(([title, id]) => [id, Number(numbers(title)[0])])),
      theme: pairs([...m.ids.theme].map(([title, id]) => [id, Number(numbers(title).at(-1))])),
      check: count(told.map((r) => r[2]!.slice(0, 5))),
      outcomes: pairs(OUTCOME_ORDER.map((o, i) => [o, total[i + 2]!])),
    };
  },

  openlineage: (m) => {
    const complete = JSON.parse(text(m, 'openlineage.ndjson').trimEnd().split('\n')[1]!);
    const rowsOf = (name: string) =>
      complete.outputs.find((o: { name: string }) => o.name === name).outputFacets.outputStatistics.rowCount;
    return { total: rowsOf('anomalies') };
  },
};
