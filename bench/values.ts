import { AddressPairs } from '../src/compile/address-pairs.js';
import type { Field } from '../src/config/contract.js';
import type { Dialect, Sql } from '../src/engine/dialect.js';
import { DuckDb } from '../src/engine/duckdb/database.js';
import type { FileColumn } from '../src/ingest/columns.js';
import { ValueTables } from '../src/ingest/value-tables.js';
import { addressRelation } from '../src/values/address/compare.js';
import { addressStages } from '../src/values/address/parse.js';
import * as id from '../src/values/identifiers/index.js';
import { valueTypes } from '../src/values/index.js';
import { lifted, projected } from '../src/values/stages.js';

/**
 * The values room against the engine's own floor, in one run: npx tsx bench/values.ts [enterprises] [threads].
 * Two addresses of each enterprise are parsed and compared, once as such and once by the statements of a run, which keep the
 * texts and their keys as well; and every identifier check is made. The floor is the time in which DuckDB counts the
 * distinct values of the same columns.
 *
 * Two ratios are told: of elapsed time, and of the processor's time, which other work on the machine disturbs least. Each
 * is of the least of five runs.
 */
const n = Number(process.argv[2] ?? 1_000_000);
const threads = Number(process.argv[3] ?? 2);
const engine = await DuckDb.open({ threads });
const d = engine.dialect;

const ROADS = [
  '星湖街',
  '苏虹中路',
  '金鸡湖大道',
  '现代大道',
  '苏州大道西',
  '东富路',
  '新平街',
  '独墅湖大道',
  '唯胜路',
  '星龙街',
];
const road = (i: string) => `[${ROADS.map((r) => `'${r}'`).join(',')}][1 + (${i}) % ${ROADS.length}]`;
await engine.run(`CREATE TABLE t AS SELECT i,
  '苏州工业园区' || ${road('i')} || (i % 9973 + 1) || '号' || (i % 17 + 1) || '幢' || (100 + i % 797) || '室' AS a,
  CASE i % 4 WHEN 0 THEN '江苏省苏州市工业园区' ELSE '' END || ${road('i')} || (i % 9973 + 1) || '号' || (i % 17 + 1) || ['号楼', '栋', '幢', '#'][1 + i % 4] || (100 + (i + (i % 10 = 3)::INT) % 797) AS b,
  '91320594MA' || lpad(CAST(i AS VARCHAR), 7, '0') || 'X' AS uscc, lpad(CAST(i AS VARCHAR), 15, '3') AS reg_no,
  '91320594MA' || lpad(CAST(i AS VARCHAR), 7, '0') || 'X001P' AS permit_no, (10 + i % 9000) || '-' || (10 + i % 90) || '-' || (i % 10) AS cas
FROM range(${n}) r(i)`);

interface Took {
  elapsed: number;
  cpu: number;
}

async function seconds(work: readonly Sql[], after: readonly Sql[] = []): Promise<Took> {
  const least: Took = { elapsed: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY };
  for (let k = 0; k < 5; k++) {
    const start = performance.now();
    const before = process.cpuUsage();
    for (const sql of work) await engine.rows(sql);
    const { user, system } = process.cpuUsage(before);
    least.elapsed = Math.min(least.elapsed, (performance.now() - start) / 1000);
    least.cpu = Math.min(least.cpu, (user + system) / 1e6);
    for (const sql of after) await engine.run(sql);
  }
  return least;
}

const floor = async (columns: string[]) =>
  seconds([`SELECT ${columns.map((c) => `count(DISTINCT ${c}) AS ${c}`).join(', ')} FROM t`]);
const tell = (what: string, took: Took, base: Took) =>
  console.log(
    `${what}: ${took.elapsed.toFixed(2)} s, ${(took.elapsed / base.elapsed).toFixed(1)} × the ${base.elapsed.toFixed(2)} s of counting distinct values ` +
      `(processor ${took.cpu.toFixed(2)} s, ${(took.cpu / base.cpu).toFixed(1)} ×)`,
  );

const addresses = await floor(['a', 'b']);
const [left, right] = [addressStages('a', 'a_', d), addressStages('b', 'b_', d)];
const alone = await seconds([
  `SELECT relation, count(*) AS n FROM (SELECT ${addressRelation('pa', 'pb', d)} AS relation
    FROM (SELECT ${left.result} AS pa, ${right.result} AS pb FROM ${projected('t', [left, right], d)}) p) GROUP BY 1`,
]);
// As a run does it: ingest reads each different text once and joins it to the rows; frames compare each different pair once.
const texts = new ValueTables('bench', d);
const sides = ['a', 'b'].map(
  (cell): FileColumn => ({
    ...{ cell, kind: 'address', options: {}, plain: undefined, state: 'mixed', full: false },
    f: {
      id: cell,
      field: { title: { zh: '', en: '' }, type: 'address' } as Field,
      type: valueTypes.address!,
      options: {},
    },
  }),
);
for (const side of sides) texts.add('t', side);
const [reading] = texts.statements('address');
const joins = sides.map(
  (side) => `JOIN ${texts.of(side).name} AS ${side.cell}_read ON ${side.cell}_read.raw = t.${side.cell}`,
);
const pairs = new AddressPairs(d);
const relation = pairs.name('pa', 'pb', 'room');
await engine.run('CREATE SCHEMA stage');
const compared = await seconds(
  [
    reading!,
    `CREATE TABLE typed AS SELECT i, a_read.parts AS pa, b_read.parts AS pb FROM t ${joins.join(' ')}`,
    `WITH pairs AS (${pairs.relation('typed')}) SELECT ${relation}, count(*) AS n FROM (${pairs.joined('typed', 'pairs')}) AS j GROUP BY 1`,
  ],
  ['DROP TABLE typed', `DROP TABLE ${texts.of(sides[0]!).name}`],
);
console.log(`${n} enterprises, ${threads} threads, least of 5`);
tell('two addresses parsed and compared', alone, addresses);
tell('two addresses read, stored with their keys, joined and compared, as a run does', compared, addresses);

const identifiers = await floor(['uscc', 'reg_no', 'permit_no', 'cas']);
const checks: [column: Sql, check: (x: Sql, d: Dialect) => Sql][] = [
  ['uscc', id.validUscc],
  ['reg_no', id.validRegNo],
  ['permit_no', id.validPermitNo],
  ['cas', id.validCas],
];
const count = (all: readonly Sql[], from: Sql): Sql =>
  `SELECT ${all.map((c, k) => `${d.countIf(c)} AS c${k}`).join(', ')} FROM ${from}`;
// In projections, as ingest looks at cells and as conditions of checks are laid out; and as expressions, where there are none.
const staged = checks.map(([column, check]) => lifted(column, check, `${column}_`, d));
const looked = await seconds([
  count(
    staged.map((s) => s.result),
    projected('t', staged, d),
  ),
]);
const said = await seconds([
  count(
    checks.map(([column, check]) => check(column, d)),
    't',
  ),
]);
tell('all identifier checks', looked, identifiers);
tell('all identifier checks, each as one expression', said, identifiers);
engine.close();
