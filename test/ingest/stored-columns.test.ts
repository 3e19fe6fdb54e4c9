import { expect, test } from 'vitest';
import { A, B, C, csv, type Loaded, load, REGISTRY } from './load-harness.js';

/** The code of A with a character that is easily confused. */
const REPAIRED = A.replace('0', 'O');

const HEADER = ['税务登记号', '统一社会信用代码', '注册号', '组织机构代码', '纳税人名称', '营业收入', '申报日期'];
const EXTRACTS = {
  'enterprise.csv': REGISTRY,
  'tax.csv': csv(
    HEADER,
    ['1', A, '', '', '苏州甲有限公司', '5', '2026-01-05'],
    ['2', REPAIRED, '', '', '', '6', '不知何日'],
    ['3', '', '', A.slice(8, 17), '', '多', '2026/1/5'],
    ['4', '', '', '', '苏州乙有限公司', '7', ''],
    ['5', C, '', '', '苏州甲有限公司', '8', ''],
    ['6', '', '', '', '', '9', ''],
    ['', B, '', '', '苏州乙有限公司', '9', ''],
    ['7', B, '', '', '', '10', ''],
    ['7', B, '', '', '', '10', ''],
    ['8', B, '', '', '', '11', ''],
    ['8', B, '', '', '', '12', ''],
  ),
};

async function told({ record, rows }: Loaded) {
  const found = await rows(`SELECT taxpayer_no, revenue, _eid, _match, _bad, _file, _row FROM src.tax ORDER BY _row`);
  const tables = ['meta.quarantine', 'meta.dropped', 'src.linked', 'src.quarantined'];
  const others = await Promise.all(tables.map((t) => rows(`SELECT * FROM ${t} ORDER BY ALL`)));
  return { found, others, record: { ...record, seconds: undefined } };
}

const columnsOf = async ({ rows }: Loaded, table: string) =>
  (
    await rows<{ name: string }>(
      `SELECT column_name AS name FROM duckdb_columns() WHERE schema_name || '.' || table_name = '${table}'`,
    )
  )
    .map((c) => c.name)
    .sort();

test('columns that nobody reads are not stored, and all that is told of the rows is the same', async () => {
  const whole = await load(EXTRACTS);
  const columns = new Map([['tax', new Set(['revenue'])]]);
  const narrow = await load(EXTRACTS, { columns });
  expect(await told(narrow)).toEqual(await told(whole));
  // Not every row has a code, so it matters which have one.
  const always = ['_bad', '_eid', '_file', '_match', '_row'];
  expect(await columnsOf(narrow, 'src.tax')).toEqual([...always, 'revenue', 'taxpayer_no', 'uscc']);
  expect(await columnsOf(narrow, 'src.enterprise')).toEqual(await columnsOf(whole, 'src.enterprise'));
});

test('a code that every row has is not stored: which rows have one is known', async () => {
  const tax = csv(HEADER, ['1', A, '', '', '苏州甲有限公司', '5', ''], ['2', C, '', '', '苏州丙有限公司', '6', '']);
  const extracts = { 'enterprise.csv': REGISTRY, 'tax.csv': tax };
  const whole = await load(extracts);
  const narrow = await load(extracts, { columns: new Map() });
  expect(await columnsOf(narrow, 'src.tax')).toEqual(['_bad', '_eid', '_file', '_match', '_row', 'taxpayer_no']);
  expect(narrow.record.sources.tax?.links).toEqual(whole.record.sources.tax?.links);
  expect(narrow.record.sources.tax?.links).toMatchObject({ uscc: 1, unmatched: 1, unknownCode: 1 });
});
