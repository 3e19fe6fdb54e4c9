import type { Dialect, Sql } from '../../engine/dialect.js';
import { APPROXIMATE, isPlainNumber, numberGroups, prepareNumber, scaledDecimal, wellFormed } from '../numbers.js';
import { firstReason, SCIENTIFIC } from '../reason-case.js';
import type { ValueType } from '../value-type.js';

/** Power of ten that makes yuan of each unit. */
export const MONEY_UNITS: Readonly<Record<string, number>> = {
  元: 0,
  圆: 0,
  块: 0,
  人民币: 0,
  角: -1,
  分: -2,
  十元: 1,
  百元: 2,
  千: 3,
  千元: 3,
  万: 4,
  万元: 4,
  十万: 5,
  十万元: 5,
  百万: 6,
  百万元: 6,
  千万: 7,
  千万元: 7,
  亿: 8,
  亿元: 8,
  万亿: 12,
  万亿元: 12,
};

/** Words around a unit that say nothing new: 万元人民币, 元整. */
const unitOf = (suffix: Sql, d: Dialect): Sql => d.regexReplace(suffix, '人民币|\\(人民币\\)|RMB|CNY|整$|正$', '');

function power(g: Sql, d: Dialect, unit: string): Sql {
  const own = MONEY_UNITS[unit] ?? 0;
  return d.let(unitOf(d.field(g, 'suffix'), d), (u) => {
    const known = d.lookup(u, new Map(Object.entries(MONEY_UNITS).map(([k, v]) => [k, String(v)])));
    return `CASE WHEN ${u} = '' THEN ${own} ELSE ${d.tryCast(known, 'int')} END`;
  });
}

/** An amount in yuan. A unit written in the cell wins over the column's; a foreign currency is not guessed at. */
export const money: ValueType = {
  id: 'money',
  sqlType: 'decimal',
  prepare: prepareNumber,
  value: (x, d, o) => {
    const own = MONEY_UNITS[o.unit ?? '元'] ?? 0;
    const plain = own === 0 ? x : d.concat(x, d.text(`E${own}`));
    const long = d.let(numberGroups(x, d), (g) => d.let(power(g, d, o.unit ?? '元'), (p) => scaledDecimal(g, p, d)));
    return `CASE WHEN ${isPlainNumber(x, d)} THEN ${d.tryCast(plain, 'decimal')} ELSE ${long} END`;
  },
  reason: (x, d, o) => {
    const g = numberGroups(x, d);
    return firstReason(
      d,
      [
        [d.matches(x, APPROXIMATE), 'approximate'],
        [d.matches(x, SCIENTIFIC), 'scientific'],
        [
          d.matches(
            x,
            '美元|美金|USD|\\$|欧元|EUR|€|日元|JPY|港[元币]|HKD|英镑|GBP|£|韩元|KRW|澳元|新台币|[法瑞][郎士]',
          ),
          'currency',
        ],
        [`${wellFormed(g, d)} AND ${power(g, d, o.unit ?? '元')} IS NOT NULL`, 'too_large'],
        [wellFormed(g, d), 'unknown_unit'],
      ],
      'not_a_number',
    );
  },
};
