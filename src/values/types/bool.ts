import { isOneOf, NULL_WORDS, tidy } from '../tidy.js';
import type { ValueType } from '../value-type.js';

const YES = ['是', '有', '对', '真', '已', 'Y', 'YES', 'T', 'TRUE', '1', '1.0', '√', '✓', '✔', '☑', '■'];
const NO = [
  '否',
  '无',
  '不是',
  '没有',
  '非',
  '错',
  '假',
  '未',
  'N',
  'NO',
  'F',
  'FALSE',
  '0',
  '0.0',
  '×',
  '✗',
  '✘',
  '✕',
  'X',
  '□',
  '☐',
];

/** 是/否. Here 无 is an answer, not a blank. */
export const bool: ValueType = {
  id: 'bool',
  sqlType: 'bool',
  prepare: (raw, d) =>
    tidy(raw, d, { width: 'all', spaces: 'none', upper: true, nulls: NULL_WORDS.filter((w) => !NO.includes(w)) }),
  value: (x, d) => `CASE WHEN ${isOneOf(x, YES, d)} THEN TRUE WHEN ${isOneOf(x, NO, d)} THEN FALSE END`,
  reason: (_x, d) => d.text('not_a_bool'),
};
