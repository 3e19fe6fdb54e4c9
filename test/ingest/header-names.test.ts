import { expect, test } from 'vitest';
import { HeaderMatcher } from '../../src/ingest/header-names.js';

const matcher = (...names: string[][]) =>
  new HeaderMatcher({ fields: names.map((own) => ({ names: own, required: true })) });
const fields = (m: HeaderMatcher, ...headers: string[]) =>
  [...m.match(headers)].map(([field, column]) => [field, column]);

test('a header of two rows goes by its lower one, and one whose remark holds the slash by its words', () => {
  const m = matcher(['本期金额'], ['监测频次'], ['产量']);
  expect(fields(m, '金额/本期金额', '监测频次（次/年）', '产量(吨/年)')).toEqual([
    [0, 0],
    [1, 1],
    [2, 2],
  ]);
  // The rows that were joined may part a remark as well.
  expect(fields(m, '产量(吨/年)', '2024/产量 * ', '金额/2024')).toEqual([[2, 0]]);
});

test('a name with a slash of its own is found, whole or by its lower row', () => {
  const m = matcher(['小区/园区名'], ['园区']);
  expect(fields(m, '小区 / 园区名', '园区')).toEqual([
    [0, 0],
    [1, 1],
  ]);
  expect(fields(m, '小区/园区')).toEqual([[1, 0]]);
});
