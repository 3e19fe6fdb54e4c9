import { expect, test } from 'vitest';
import { dateInName, dateInPath } from '../../src/ingest/file-date.js';

test.each([
  ['企业登记_20260731.csv', '2026-07-31'],
  ['企业登记2026-07-31.csv', '2026-07-31'],
  ['企业登记2026.7.1.xlsx', '2026-07-01'],
  ['企业登记（2026年7月31日）.csv', '2026-07-31'],
  ['２０２６０７３１登记.csv', '2026-07-31'],
  ['tax_202607.csv', '2026-07'],
  ['tax_2026年7月.csv', '2026-07'],
  ['tax_2026-07.csv', '2026-07'],
  ['export_20260731153000.csv', '2026-07-31'],
  ['202606_送20260705.csv', '2026-07-05'],
  ['20260230.csv', undefined],
  ['tax.csv', undefined],
  ['年报2025.csv', undefined],
  ['1234567890123.csv', undefined],
])('%s', (name, date) => {
  expect(dateInName(name)).toBe(date);
});

test('a folder speaks where the file does not', () => {
  expect(dateInPath('20260731/税务/tax.csv')).toBe('2026-07-31');
  expect(dateInPath('20260731/tax_20260801.csv')).toBe('2026-08-01');
});
