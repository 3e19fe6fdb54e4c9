import { expect, test } from 'vitest';
import { BOOL, type Expr, NUMBER, type Relation } from '../../src/checks/ir.js';
import { canBeUnknown } from '../../src/checks/unknown.js';

const permit: Relation = { alias: 'permit', source: 'permit' };
const [x, y] = ['x', 'y'].map((field): Expr => ({ op: 'field', type: NUMBER, relation: permit, field })) as [
  Expr,
  Expr,
];
const call = (name: string, ...args: Expr[]): Expr => ({ op: 'call', type: BOOL, name, args });
const one: Expr = { op: 'literal', type: NUMBER, value: 1 };
const known = call('is_known', x);
const above = call('>', x, one);

test('a comparison is unknown where one of its sides can be', () => {
  expect(canBeUnknown(above)).toBe(true);
  expect(canBeUnknown(call('/', one, one))).toBe(true);
  expect(canBeUnknown(call('first_of', x, one))).toBe(false);
});

test('what is asked for first decides by itself where there is nothing', () => {
  expect(canBeUnknown(call('&&', known, above))).toBe(false);
  expect(canBeUnknown(call('&&', above, call('&&', call('==', x, one), known)))).toBe(false);
  expect(canBeUnknown(call('||', call('!', known), above))).toBe(false);
  expect(canBeUnknown(call('!', call('&&', known, above)))).toBe(false);
  // Asked for, but not so that it decides.
  expect(canBeUnknown(call('||', known, above))).toBe(true);
  expect(canBeUnknown(call('&&', call('!', known), above))).toBe(true);
  expect(canBeUnknown(call('&&', known, call('>', y, one)))).toBe(true);
  expect(canBeUnknown(call('&&', call('||', known, call('>', y, one)), above))).toBe(true);
});

test('a field that has a value in every row is no reason', () => {
  expect(canBeUnknown(call('&&', above, call('>', y, one)), (e) => e === x || e === y)).toBe(false);
  expect(canBeUnknown(call('&&', above, call('>', y, one)), (e) => e === x)).toBe(true);
});
