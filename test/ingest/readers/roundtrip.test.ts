import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gb18030, gzip, Readers, total, utf16 } from './harness.js';

const ENCODE: Record<string, (text: string) => Uint8Array> = {
  'utf-8': (t) => Buffer.from(t),
  'utf-8 bom': (t) => Buffer.from(`\ufeff${t}`),
  'utf-16le': (t) => utf16(t, 'le', true),
  'utf-16be': (t) => utf16(t, 'be', true),
  gb18030,
  gzip: (t) => gzip(t),
};

/** What departments write: words, rare names, digits, and every character that means something to a CSV reader. */
const piece = fc.constantFrom(
  ...['苏州', '工业园区', '有限公司', '𠮷', '㛃', '䶮', '（', 'a', 'Z', '0', '9', ' ', '　', '-', "'", '"', '""'],
  ...[',', '\t', ';', '|', '\n', '\r\n', '=', '#', '\\', '/', '.', '合计', 'NULL'],
);
const cell = fc.array(piece, { maxLength: 5 }).map((p) => p.join(''));
const table = fc
  .integer({ min: 2, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 12 }));

function write(rows: string[][], delimiter: string, end: string, always: boolean): string {
  const quoted = (text: string) =>
    always || /["\r\n]|^ | $/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;
  return rows.map((r) => r.map(quoted).join(delimiter) + end).join('');
}

describe('any table', () => {
  let readers: Readers;
  beforeAll(async () => {
    readers = await Readers.open();
  });
  afterAll(() => readers.close());

  it('comes back as it was written, whatever the delimiter, encoding and quotes', async () => {
    await fc.assert(
      fc.asyncProperty(
        table,
        fc.constantFrom(',', '\t', ';', '|'),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.constantFrom(...Object.keys(ENCODE)),
        async (body, delimiter, end, always, encoding) => {
          const width = body[0]?.length ?? 3;
          const headers = Array.from({ length: width }, (_, i) => `苏州工业园区企业信息登记表字段${i}`);
          // An anchor keeps the encoding plausible and the last row ordinary.
          const rows = [...body, Array.from({ length: width }, () => '苏州工业园区星湖街企业有限公司')];
          const text = write([headers, ...rows], delimiter, end, always);
          const { raw, rows: back } = await readers.read('t.csv', ENCODE[encoding]!(text), {
            fields: headers.map((name) => ({ names: [name], required: true })),
          });
          const white = /^[ \t\r\n\u3000]*$/;
          const wanted = rows
            .map((r, i) => [i + 2, ...r.map((c) => (c === '' ? null : c))])
            .filter((r) => r.slice(1).some((c) => c !== null && !white.test(String(c))));
          expect(back).toEqual(wanted);
          expect(raw.headers).toEqual(headers);
          expect(raw.malformed).toEqual([]);
          expect(total(raw)).toBe(rows.length + 1);
        },
      ),
      { numRuns: 150 },
    );
  });
});
