import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { ANOMALY_COLUMNS, FOLLOWED_COLUMNS, QUARANTINE_COLUMNS } from '../../../src/report/anomaly-columns.js';
import { inProcess, runOf } from '../../cli/bidui.js';
import { type World, world } from '../../cli/world.js';
import { csvRows, json } from '../read.js';

interface Field {
  name: string;
  id: string;
  type: string;
  titles: { zh: string; en: string };
  descriptions: { zh: string; en: string };
  constraints?: { required?: boolean; unique?: boolean; enum?: string[] };
  codes?: string;
}

const run = async (w: World, ...more: string[]) => {
  const told = await inProcess(runOf(w, ...more));
  expect(told.code, told.err).toBe(0);
};
const csvIn = (dir: string) =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((f) => f.endsWith('.csv'))
    .sort();

/** What a program that knows nothing of bidui would find wrong with the files, by the package alone. */
function faults(dir: string): string[] {
  const found: string[] = [];
  const usccs = new Set<string>();
  const all = json(dir, 'datapackage.json').resources;
  for (const r of [...all].sort((a, b) => Number(b.name === 'outcomes') - Number(a.name === 'outcomes'))) {
    const schema = json(dir, r.schema);
    const fields: Field[] = schema.fields;
    const [header, ...rows] = parse(readFileSync(join(dir, r.path)), { bom: true }) as string[][];
    if (header?.join('\n') !== fields.map((f) => f.name).join('\n')) found.push(`${r.path}: header`);
    const seen = new Map<string, Set<string>>();
    for (const [n, row] of rows.entries()) {
      for (const [i, f] of fields.entries()) {
        const cell = row[i] ?? '';
        const bad = (why: string) => found.push(`${r.path} ${n + 2} ${f.name}: ${why} ${JSON.stringify(cell)}`);
        if (cell === '') {
          if (f.constraints?.required) bad('blank');
          continue;
        }
        if (f.type === 'integer' && !/^-?\d+$/.test(cell)) bad('no integer');
        if (f.type === 'date' && !(Date.parse(cell) > 0 && /^\d{4}-\d\d-\d\d$/.test(cell))) bad('no date');
        if (f.constraints?.enum && !f.constraints.enum.includes(cell)) bad('not of the list');
        if (f.constraints?.unique) {
          const values = seen.get(f.id) ?? new Set();
          if (values.has(cell)) bad('twice');
          seen.set(f.id, values.add(cell));
        }
        if (r.name === 'outcomes' && f.id === 'uscc') usccs.add(cell);
        if (schema.foreignKeys && f.name === schema.foreignKeys[0].fields[0] && !usccs.has(cell))
          bad('not in outcomes');
      }
    }
  }
  return found;
}

describe.each(['zh', 'en'])('the data package of a run in %s', (lang) => {
  test('describes every CSV file, and every cell is as it says', async () => {
    const w = world();
    const state = join(w.root, 'ledger.duckdb');
    await run(w, '--lang', lang, '--state', state);
    // A second night with another extract: something persists, something is gone.
    const again = world({ extracts: { '人员.csv': '统一社会信用代码,证件号码,姓名,电子邮箱,住址,离职日期\n' } });
    const known = join(w.root, 'known.csv');
    await run(again, '--lang', lang, '--as-of', '2026-08-01', '--state', state, '--write-baseline', known);
    await run(again, '--lang', lang, '--as-of', '2026-08-01', '--state', state, '--baseline', known);
    const { resources } = json(again.out, 'datapackage.json');
    expect(resources.map((r: { path: string }) => r.path).sort()).toEqual(csvIn(again.out));
    expect(csvIn(again.out)).toContain('followed.csv');
    for (const r of resources) expect(r.name).toMatch(/^[a-z0-9-]+$/);
    expect(csvRows(again.out, 'followed.csv').length).toBeGreaterThan(0);
    expect(csvRows(again.out, 'quarantine.csv').length).toBeGreaterThan(0);
    expect(faults(again.out)).toEqual([]);
  });
});

test('says of every column what it is called and what it means, in both languages', async () => {
  const w = world();
  await run(w);
  for (const r of json(w.out, 'datapackage.json').resources)
    for (const f of json(w.out, r.schema).fields as Field[])
      for (const text of [f.titles.zh, f.titles.en, f.descriptions.zh, f.descriptions.en])
        expect(text.length, `${r.path} ${f.id}`).toBeGreaterThan(1);
  for (const c of [...ANOMALY_COLUMNS, ...FOLLOWED_COLUMNS, ...QUARANTINE_COLUMNS]) {
    expect(c.description.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(c.description.en).not.toMatch(/[\u4e00-\u9fff]/);
  }
});

test('tells the same as a table and as a page for people', async () => {
  const w = world();
  await run(w);
  const rows = csvRows(w.out, '数据字典.csv');
  const anomalies = rows.filter((r) => r.文件 === 'anomalies.csv by-theme/*.csv by-department/*.csv');
  expect(anomalies.map((r) => r.字段代码)).toEqual(ANOMALY_COLUMNS.map((c) => c.id));
  expect(anomalies.map((r) => r.中文列名)).toEqual(Object.keys(csvRows(w.out, 'anomalies.csv')[0]!));
  expect(anomalies.find((r) => r.字段代码 === 'severity')?.代码表).toBe('红 Red；黄 Yellow；蓝 Blue');
  const page = readFileSync(join(w.out, 'dictionary.md'), 'utf8');
  for (const r of rows) expect(page).toContain(`| ${r.中文列名!.replace('<', '&lt;')} `);
  expect(page).toContain('| no_such_day | no_such_day | no_such_day | 日历上没有这一天。');
});
