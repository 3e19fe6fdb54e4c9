import { expect, test } from 'vitest';
import { AddressPairs } from '../../src/compile/address-pairs.js';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { duckdb as d } from '../../src/engine/duckdb/dialect.js';
import { relation } from '../../src/values/address/compare.js';
import { packParts, unpackParts } from '../../src/values/address/pack.js';
import { addressParts } from '../values/harness.js';

const WRITTEN = [
  '江苏省苏州市工业园区星湖街328号5幢301室',
  '苏州工业园区星湖街328号创意产业园5幢301室',
  '苏州工业园区星湖街328号5幢302室',
  '苏州工业园区金鸡湖大道1355号',
  undefined,
];

test('rows kept narrow while their addresses are looked up relate as the addresses themselves do', async () => {
  const db = await DuckDb.open({ threads: 2 });
  try {
    const written = WRITTEN.map((x) => `(${x === undefined ? 'CAST(NULL AS VARCHAR)' : d.text(x)})`).join(', ');
    await db.run(
      `CREATE TABLE one AS SELECT ${packParts(addressParts('v.x', d), d)} AS parts FROM (VALUES ${written}) v(x)`,
    );
    // Every combination of three, equal ones and unknown ones among them.
    await db.run(`CREATE TABLE wide AS SELECT row_number() OVER () AS n, x.parts AS x, y.parts AS y, z.parts AS z
FROM one x CROSS JOIN one y CROSS JOIN one z`);
    const compared = [
      ['x', 'y', 'room'],
      ['x', 'y', 'building'],
      ['x', 'z', 'room'],
      ['z', 'y', 'number'],
    ] as const;
    const pairs = new AddressPairs(d);
    const names = compared.map(([a, b, depth]) => pairs.name(a, b, depth));
    for (const elsewhere of [new Set<string>(), new Set(['x'])]) {
      const narrowed = pairs.narrowed('SELECT * FROM wide', ['n', 'x', 'y', 'z'], elsewhere);
      const found = `WITH narrow AS (${narrowed}), pairs AS (${pairs.relation('narrow')}) ${pairs.joined('narrow', 'pairs')}`;
      const rows = await db.rows<Record<string, unknown>>(
        `SELECT n, x IS NULL AS x_dropped, ${names.join(', ')} FROM (${found}) AS found ORDER BY n`,
      );
      const expected = await db.rows<Record<string, unknown>>(
        `SELECT n, ${compared.map(([a, b, depth], i) => `${relation(unpackParts(a, d), unpackParts(b, d), d, depth)} AS ${names[i]}`).join(', ')} FROM wide ORDER BY n`,
      );
      expect(rows.map(({ x_dropped: _, ...row }) => row)).toEqual(expected);
      // What is read elsewhere stays; what is not, where nothing differs from it, goes.
      const unknown = 25;
      expect(rows.filter((r) => r.x_dropped === true).length > unknown).toBe(!elsewhere.has('x'));
    }
  } finally {
    await db.discard();
  }
});
