import fc from 'fast-check';
import { expect, test } from 'vitest';
import { difference, type Piece } from '../../../src/report/page/client/difference.js';

const shown = (pieces: readonly Piece[]) => pieces.map((p) => (p.differs ? `[${p.text}]` : p.text)).join('');
const told = (a: string, b: string) => {
  const d = difference(a, b);
  return [shown(d.a), shown(d.b)];
};

test('marks what differs, character by character', () => {
  expect(told('星湖街328号1幢301室', '星湖街238号1幢301室').join(' ')).toMatch(
    /^星湖街.*号1幢301室 星湖街.*号1幢301室$/,
  );
  expect(told('2026-05-31', '2026-06-31')).toEqual(['2026-0[5]-31', '2026-0[6]-31']);
  expect(told('苏州甲有限公司', '苏州乙有限公司')).toEqual(['苏州[甲]有限公司', '苏州[乙]有限公司']);
});

test('marks nothing where values are the same or have little in common', () => {
  expect(difference('存续', '存续').marked).toBe(false);
  expect(difference('存续', '2026-05-31')).toEqual({
    a: [{ text: '存续', differs: false }],
    b: [{ text: '2026-05-31', differs: false }],
    marked: false,
  });
});

test('a character beyond the basic plane is not cut in two', () => {
  expect(told('苏州𠮷田公司', '苏州𠮶田公司')).toEqual(['苏州[𠮷]田公司', '苏州[𠮶]田公司']);
});

test('long values are compared from both ends', () => {
  const long = '经营范围'.repeat(200);
  expect(told(`${long}甲${long}`, `${long}乙${long}`)).toEqual([`${long}[甲]${long}`, `${long}[乙]${long}`]);
});

test('whatever is marked, no character is lost or added', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
      const d = difference(a, b);
      expect(d.a.map((p) => p.text).join('')).toBe(a);
      expect(d.b.map((p) => p.text).join('')).toBe(b);
    }),
  );
});
