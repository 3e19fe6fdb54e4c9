import fc from 'fast-check';
import { expect, test } from 'vitest';
import { A, B, csv, load, REGISTRY } from './load-harness.js';

const HEADER = ['税务登记号', '统一社会信用代码', '纳税人名称', '营业收入', '申报日期', '联系人电话'];

const BLANK = ['', ' ', '无', '-', 'NULL'];
const key = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('T1', 'T2', 'T3', 'T4', 'T5', 'T6') },
  { weight: 2, arbitrary: fc.constantFrom(...BLANK) },
);
const row = fc.tuple(
  key,
  fc.constantFrom(A, B, ` ${A} `, A.toLowerCase(), '9.13206E+17', `${A.slice(0, 17)}0`, '', '坏', '12'),
  fc.constantFrom('苏州甲有限公司', '苏州乙有限公司', '苏州丙有限公司', '', '无'),
  fc.constantFrom('1', '1234.5', '约100', '-', '一千', '', '99999999999999999999'),
  fc.constantFrom('2026-01-05', '2026年1月5日', '2026-02-30', '长期', '45292', '昨天', ''),
  fc.constantFrom('13812345678', '电话', ''),
);
const file = fc.array(row, { minLength: 1, maxLength: 12 });

test('rows in = loaded + quarantined + dropped duplicates, whatever the dirt; each readable key is loaded once', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(file, { minLength: 1, maxLength: 3 }), async (files) => {
      const extracts = Object.fromEntries(files.map((rows, i) => [`tax_20260${i + 1}.csv`, csv(HEADER, ...rows)]));
      const { record, rows } = await load({ 'enterprise.csv': REGISTRY, ...extracts });
      const all = files.flat();
      // A record of nothing but blanks is no record.
      const written = all.filter((cells) => cells.some((cell) => cell.trim() !== ''));
      const readable = written.filter(([k]) => !BLANK.includes(k));
      const { counts } = record.sources.tax!;
      expect(counts.data).toBe(written.length);
      expect(counts.loaded + counts.quarantinedRows + counts.duplicates).toBe(counts.data);
      expect(counts.quarantinedRows).toBe(written.length - readable.length);
      expect(counts.loaded).toBe(new Set(readable.map(([k]) => k)).size);
      for (const f of record.files) {
        expect(f.counts.loaded + f.counts.quarantinedRows + f.counts.duplicates).toBe(f.counts.data);
      }
      // Every field that is bad is in quarantine once, and nothing else is.
      const [bad] = await rows<{ n: number }>('SELECT coalesce(CAST(sum(len(_bad)) AS BIGINT), 0) AS n FROM src.tax');
      expect(Number(bad?.n)).toBe(counts.quarantinedFields);
      // No value stands where a fault is told.
      expect(await rows(`SELECT 1 FROM src.tax WHERE list_contains(_bad, 'revenue') AND revenue IS NOT NULL`)).toEqual(
        [],
      );
    }),
    { numRuns: 15 },
  );
}, 300_000);

test('the same input gives the same tables and record, whatever the threads and the order', async () => {
  const lines = (n: number, shift: number) =>
    Array.from({ length: n }, (_, i) => [
      `T${(i * 7 + shift) % 500}`,
      i % 3 ? A : '坏',
      '苏州乙有限公司',
      `${i % 11}`,
      '2026-01-05',
      '电话',
    ]);
  const extracts = {
    'enterprise.csv': REGISTRY,
    'tax_b.csv': csv(HEADER, ...lines(3000, 0)),
    'tax_a.csv': csv(HEADER, ...lines(3000, 3)),
    'tax_c.csv': csv(HEADER, ...lines(3000, 5)),
  };
  const dump = async (threads: number, concurrency: number) => {
    const { record, rows } = await load(extracts, { threads, concurrency });
    const { seconds: _, ...rest } = record;
    return {
      rest,
      tax: await rows('SELECT * FROM src.tax ORDER BY taxpayer_no'),
      quarantine: await rows('SELECT * FROM meta.quarantine ORDER BY ALL'),
      dropped: await rows('SELECT * FROM meta.dropped ORDER BY ALL'),
    };
  };
  expect(await dump(4, 4)).toEqual(await dump(1, 1));
}, 300_000);
