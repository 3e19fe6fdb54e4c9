import { DuckDb } from '../src/engine/duckdb/database.js';
import { addressRelation } from '../src/values/address/compare.js';
import { addressParts } from '../src/values/address/parse.js';
import * as id from '../src/values/identifiers/index.js';

/**
 * The values room against the engine's own floor, in one run: npx tsx bench/values.ts [enterprises] [threads].
 * Two addresses of each enterprise are parsed and compared, and every identifier check is made; the floor is the time in
 * which DuckDB counts the distinct values of the same columns.
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

async function seconds(sql: string): Promise<number> {
  const runs: number[] = [];
  for (let k = 0; k < 3; k++) {
    const start = performance.now();
    await engine.rows(sql);
    runs.push((performance.now() - start) / 1000);
  }
  return runs.sort((x, y) => x - y)[1] as number;
}

const floor = async (columns: string[]) =>
  seconds(`SELECT ${columns.map((c) => `count(DISTINCT ${c}) AS ${c}`).join(', ')} FROM t`);
const tell = (what: string, took: number, base: number) =>
  console.log(
    `${what}: ${took.toFixed(2)} s, ${(took / base).toFixed(1)} × the ${base.toFixed(2)} s of counting distinct values`,
  );

const addresses = await floor(['a', 'b']);
const compared = await seconds(`SELECT relation, count(*) AS n FROM (
  SELECT ${addressRelation('pa', 'pb', d)} AS relation FROM (SELECT ${addressParts('a', d)} AS pa, ${addressParts('b', d)} AS pb FROM t))
  GROUP BY 1`);
console.log(`${n} enterprises, ${threads} threads, median of 3`);
tell('two addresses parsed and compared', compared, addresses);

const identifiers = await floor(['uscc', 'reg_no', 'permit_no', 'cas']);
const checks = [
  id.validUscc('uscc', d),
  id.validRegNo('reg_no', d),
  id.validPermitNo('permit_no', d),
  id.validCas('cas', d),
];
const checked = await seconds(`SELECT ${checks.map((c, k) => `${d.countIf(c)} AS c${k}`).join(', ')} FROM t`);
tell('all identifier checks', checked, identifiers);
engine.close();
