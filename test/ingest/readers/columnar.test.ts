import { readFileSync, writeFileSync } from 'node:fs';
import { tableFromArrays, tableToIPC } from 'apache-arrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gb18030, gzip, Readers, total } from './harness.js';

describe('JSON, Parquet and Arrow', () => {
  let readers: Readers;
  beforeAll(async () => {
    readers = await Readers.open();
  });
  afterAll(() => readers.close());

  const OBJECTS = [
    { 统一社会信用代码: '91', 企业名称: '甲\n"𠮷"', 注册资本: 1.1 },
    { 企业名称: '乙', 'a/b~c': { x: [1, 2] }, 注册资本: null, 在营: true },
  ];
  const HEADERS = ['统一社会信用代码', '企业名称', '注册资本', 'a/b~c', '在营'];
  const ROWS = [
    [1, '91', '甲\n"𠮷"', '1.1', null, null],
    [2, null, '乙', null, '{"x":[1,2]}', 'true'],
  ];

  it.each([
    ['JSON', 'a.json', JSON.stringify(OBJECTS), 'json'],
    ['JSON, indented, with BOM', 'a.json', `\ufeff${JSON.stringify(OBJECTS, null, 2)}`, 'json'],
    ['JSON in GB18030', 'a.json', gb18030(JSON.stringify(OBJECTS)), 'json'],
    ['JSON named otherwise, gzipped', 'a.dat', gzip(JSON.stringify(OBJECTS)), 'json'],
    ['NDJSON', 'a.ndjson', OBJECTS.map((o) => `${JSON.stringify(o)}\n`).join(''), 'ndjson'],
    ['NDJSON with CR LF', 'a.jsonl', OBJECTS.map((o) => JSON.stringify(o)).join('\r\n'), 'ndjson'],
  ])('%s', async (_, name, content, format) => {
    const { raw, rows } = await readers.read(name, content);
    expect(raw.format).toBe(format);
    expect(raw.headers).toEqual(HEADERS);
    expect(rows).toEqual(ROWS);
  });

  it('sets aside lines of NDJSON that are broken, with their numbers', async () => {
    const text = '{"企业名称":"甲"}\n\n{"企业名称":tru}\r\n{"企业名称":"乙"}\n[1]\n{"企业名称":"丙\u001f"}\n{}\n';
    const { raw, rows } = await readers.read('a.ndjson', text);
    expect(rows).toEqual([
      [1, '甲'],
      [4, '乙'],
    ]);
    expect(raw.malformed.map((m) => [m.row, m.reason])).toEqual([
      [3, 'broken_json'],
      [5, 'not_an_object'],
      [6, 'broken_json'],
    ]);
    expect(total(raw)).toBe(7);
  });

  it('keeps all digits of long numbers', async () => {
    const { rows } = await readers.read('a.json', '[{"a":913205940000000000123,"b":0.10}]');
    expect(rows).toEqual([[1, '913205940000000000123', '0.1']]);
  });

  it('refuses JSON that is broken, with the place', async () => {
    expect(await readers.refusal('a.json', '[{"a":1},{"a":1 "b":2}]')).toMatch(
      /^a\.json row 2 the JSON is broken[\s\S]*element 2/,
    );
    expect(await readers.refusal('a.json', '[{"a":1},{"a":"x')).toMatch(/^a\.json row 2 the JSON is broken/);
    expect(await readers.refusal('a.json', '[1,2,3]')).toMatch(/does not hold objects/);
    expect(await readers.refusal('a.json', '{\n  "a": 1\n}')).toMatch(/not JSON objects/);
    expect(await readers.refusal('a.json', '')).toMatch(/the file is empty/);
    expect((await readers.read('a.json', '[]')).raw.counts.data).toBe(0);
  });

  it('reads Parquet as text', async () => {
    await readers.db.run(
      `COPY (SELECT '91' AS 企业名称, DATE '2024-01-05' AS d, TIMESTAMP '2024-01-05 10:00:01' AS t, 12.50::DECIMAL(18,2) AS m,
         3.0::DOUBLE AS f, 9.13e17 AS g, true AS b, [1, 2] AS l, '' AS e
       UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)
       TO '${readers.path('a.parquet')}' (FORMAT parquet)`,
    );
    const { raw, rows } = await readers.readPath('a.parquet');
    expect(raw.headers).toEqual(['企业名称', 'd', 't', 'm', 'f', 'g', 'b', 'l', 'e']);
    expect(rows).toEqual([
      [1, '91', '2024-01-05', '2024-01-05 10:00:01', '12.50', '3', '9.13E+17', 'true', '[1,2]', null],
    ]);
    expect(raw.counts.blank).toBe(1);
    const whole = readFileSync(readers.path('a.parquet'));
    expect(await readers.refusal('cut.parquet', whole.subarray(0, whole.length - 50))).toMatch(/end is missing/);
  });

  it('does not copy Parquet, and refuses a file whose last column is damaged', async () => {
    const path = readers.path('a.parquet');
    await readers.db.run(
      `COPY (SELECT '9' || range AS uscc, CASE WHEN range % 1000 > 0 THEN '甲' || range END AS name, range AS n FROM range(30000)
         UNION ALL SELECT NULL, ' ', NULL) TO '${path}' (FORMAT parquet)`,
    );
    const { raw, rows } = await readers.readPath('a.parquet');
    expect([raw.counts.data, raw.counts.blank, rows.length]).toEqual([30000, 1, 30000]);
    expect(rows[1000]).toEqual([1001, '91000', null, '1000']);
    expect(
      await readers.db.rows(
        `SELECT view_name FROM duckdb_views() WHERE schema_name || '.' || view_name = '${raw.table}'`,
      ),
    ).toHaveLength(1);
    const [at] = await readers.db.rows<{ at: number }>(
      `SELECT max(data_page_offset) AS at FROM parquet_metadata('${path}') WHERE path_in_schema = 'n'`,
    );
    expect(await readers.refusal('damaged.parquet', readFileSync(path).fill(0xff, at!.at, at!.at + 40))).toMatch(
      /^damaged\.parquet the Parquet file cannot be read/,
    );
  });

  it.each(['file', 'stream'] as const)('reads an Arrow %s as text', async (kind) => {
    const table = tableFromArrays({
      企业名称: ['甲', '乙,"\n', ''],
      n: [1.5, 2, null],
      d: [new Date('2024-01-05T00:00:00Z'), null, null],
      i: BigInt64Array.of(1n, 9007199254740993n, 0n),
    });
    const bytes = tableToIPC(table, kind);
    const { rows, raw } = await readers.read('a.arrow', bytes);
    expect(raw.headers).toEqual(['企业名称', 'n', 'd', 'i']);
    expect(rows).toEqual([
      [1, '甲', '1.5', '2024-01-05', '1'],
      [2, '乙,"\n', '2', null, '9007199254740993'],
      [3, null, null, null, '0'],
    ]);
    writeFileSync(readers.path('b.arrow'), bytes);
    expect(await readers.refusal('cut.arrow', bytes.subarray(0, bytes.length * 0.6))).toMatch(
      /Arrow file cannot be read/,
    );
  });

  it('reads Arrow files side by side, whatever is wrong with those between them', async () => {
    const bytes = tableToIPC(tableFromArrays({ 企业名称: ['甲'] }), 'stream');
    const good = (name: string) => readers.read(name, bytes).then(({ rows }) => rows);
    const bad = (name: string) => readers.refusal(name, bytes.subarray(0, bytes.length * 0.6));
    expect([await good('1.arrow'), await bad('2.arrow'), await good('3.arrow')]).toEqual([
      [[1, '甲']],
      expect.stringMatching(/^2\.arrow the Arrow file cannot be read/),
      [[1, '甲']],
    ]);
    expect(await Promise.all([good('4.arrow'), good('5.arrow'), good('6.arrow')])).toEqual(
      [1, 2, 3].map(() => [[1, '甲']]),
    );
  });
});
