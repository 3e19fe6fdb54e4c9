import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dialect, Sql } from '../../src/engine/dialect.js';
import { validIdNo } from '../../src/values/identifiers/id-no.js';
import { validCas, validPermitNo, validRegNo, validUscc } from '../../src/values/identifiers/index.js';
import { validOrgCode } from '../../src/values/identifiers/org-code.js';
import { lifted } from '../../src/values/stages.js';
import { d, evaluate, evaluateLifted } from './harness.js';

/**
 * Check digits as their standards tell them, character by character, against the expressions, which read eight characters or
 * two digits at a time. Texts are near to codes: of the right characters and the right length, or off by one of either.
 */
const USCC = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';

/** Each place's characters; then the sum of value × weight, or NaN. */
const weighted = (x: string, places: readonly (readonly [alphabet: string, weight: number])[]): number =>
  x.length === places.length
    ? places.reduce((sum, [alphabet, weight], i) => {
        const value = alphabet.indexOf(x[i] as string);
        return value < 0 ? Number.NaN : sum + value * weight;
      }, 0)
    : Number.NaN;

const USCC_PLACES = [...Array.from({ length: 17 }, (_, i) => 3 ** i % 31), 1].map(
  (w, i) => [i >= 2 && i < 8 ? DIGITS : USCC, w] as const,
);
const uscc = (x: string): boolean => weighted(x, USCC_PLACES) % 31 === 0;
const permit = (x: string): boolean => {
  if (!/^.{18}[0-9]{3}[0-9A-Z]$/.test(x)) return false;
  return x.startsWith('H9') ? /^H9[0-9]{6}[0-9A-Z]{10}/.test(x) : uscc(x.slice(0, 18));
};
const org = (x: string): boolean =>
  weighted(x, [...[3, 7, 9, 10, 5, 8, 4, 2].map((w) => [LETTERS, w] as const), [`${DIGITS}X`, 1]]) % 11 === 0;
const idNo = (x: string): boolean => {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  if (weighted(x, [...weights.map((w) => [DIGITS, w] as const), [`${DIGITS}X`, 1]]) % 11 !== 1) return false;
  const [year, month, day] = [x.slice(6, 10), x.slice(10, 12), x.slice(12, 14)].map(Number) as [number, number, number];
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  return !x.startsWith('0') && date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month > 0 && day > 0;
};
const regNo = (x: string): boolean | null => {
  if (/^[0-9]{13}$/.test(x)) return null;
  if (!/^[0-9]{15}$/.test(x)) return false;
  let p = 10;
  for (const digit of x.slice(0, 14)) p = (((p + Number(digit)) % 10 || 10) * 2) % 11;
  return (p + Number(x[14])) % 10 === 1;
};
const cas = (x: string): boolean => {
  if (!/^[1-9][0-9]{1,6}-[0-9]{2}-[0-9]$/.test(x)) return false;
  const [check, ...body] = [...x.replaceAll('-', '')].reverse().map(Number) as [number, ...number[]];
  return body.reduce((sum, digit, i) => sum + digit * (i + 1), 0) % 10 === check;
};

const from = (alphabet: string, minLength: number, maxLength = minLength) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
const texts: Record<string, fc.Arbitrary<string>> = {
  uscc: fc.tuple(from(USCC, 2), from(DIGITS, 6), from(USCC, 10)).map((x) => x.join('')),
  permit: fc
    .tuple(fc.constantFrom('91', 'H9'), from(DIGITS, 6), from(USCC, 10), from(DIGITS, 3), from(LETTERS, 1))
    .map((x) => x.join('')),
  org: fc.tuple(from(LETTERS, 8), from(`${DIGITS}X`, 1)).map((x) => x.join('')),
  idNo: fc
    .tuple(
      from(DIGITS, 6),
      fc.date({ min: new Date('1900-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
      from(DIGITS, 3),
      from(`${DIGITS}X`, 1),
    )
    .map(([area, day, n, c]) => area + day.toISOString().slice(0, 10).replaceAll('-', '') + n + c),
  regNo: from(DIGITS, 13, 15),
  cas: fc.tuple(from(DIGITS, 1, 8), from(DIGITS, 2), from(DIGITS, 1)).map((x) => x.join('-')),
};
/** What hexadecimal numbers, integers, one byte and one character are easily taken for. */
const ODD = [
  'A',
  'F',
  'X',
  '_',
  '-',
  '+',
  '.',
  ' ',
  'e',
  'x',
  'I',
  'Z',
  ':',
  '/',
  '@',
  '[',
  'p',
  'é',
  '一',
  '９',
  '𠮷',
];

/** As it is, with one character put for another, with one more, with one less. */
const near = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.nat(3), fc.nat(30), fc.constantFrom(...ODD)).map(([x, how, at, odd]) => {
    const i = at % x.length;
    if (how < 2) return x;
    return how === 2 ? x.slice(0, i) + odd + x.slice(i + 1) : x.slice(0, i) + odd + x.slice(i);
  });

const CHECKS: Record<string, [sql: (x: Sql, d: Dialect) => Sql, told: (x: string) => boolean | null]> = {
  uscc: [validUscc, uscc],
  permit: [validPermitNo, permit],
  org: [validOrgCode, org],
  idNo: [validIdNo, idNo],
  regNo: [validRegNo, regNo],
  cas: [validCas, cas],
};

/** Texts that are no codes at all. Of some the bytes are as many as a code's, or the characters, but not both. */
const foreign = fc.oneof(
  from('éñüß', 1, 22),
  from('一二三', 1, 22),
  from(`${DIGITS}é`, 12, 23),
  from(`${LETTERS}一`, 8, 23),
  fc.string({ unit: 'binary', maxLength: 24 }).filter((x) => !x.includes('\0')),
);

it('no lambda is left of a check said in projections', () => {
  for (const [sql] of Object.values(CHECKS)) {
    expect(JSON.stringify(lifted('x', sql, 'lifted_', d))).not.toContain('lambda');
  }
});

/** Every last character, so that some of them hold. */
const LAST = `${LETTERS}x-`;

describe('check digits', () => {
  for (const [name, [sql, told]] of Object.entries(CHECKS)) {
    const somewhere = fc.tuple(
      fc.array(near(texts[name]!), { minLength: 60, maxLength: 60 }),
      fc.array(foreign, { minLength: 60, maxLength: 60 }),
    );
    it(`${name} holds where its standard says so, and nowhere else, said in one expression or in projections`, async () => {
      await fc.assert(
        fc.asyncProperty(somewhere, async ([found, others]) => {
          const codes = found.flatMap((x) => [x, ...[...LAST].map((last) => x.slice(0, -1) + last)]);
          const rows = [null, ...codes, ...others].map((x) => [x]);
          const expected = rows.map(([x]) => (x == null ? null : (told(x)?.toString() ?? null)));
          expect(expected).toContain('true');
          expect(await evaluate(rows, (x) => sql(x, d))).toEqual(expected);
          expect(await evaluateLifted(rows, sql)).toEqual(expected);
        }),
        { numRuns: 5, endOnFailure: true },
      );
    });
  }
});
