import type { Dialect, Sql } from '../../engine/dialect.js';
import { APPROXIMATE, isPlainNumber, numberGroups, prepareNumber, scaledDecimal, wellFormed } from '../numbers.js';
import { firstReason, SCIENTIFIC } from '../reason-case.js';
import type { ValueType } from '../value-type.js';

/** Power of ten that makes tonnes of each unit of mass. */
export const MASS_UNITS: Readonly<Record<string, number>> = {
  t: 0,
  吨: 0,
  公吨: 0,
  万吨: 4,
  kg: -3,
  千克: -3,
  公斤: -3,
  g: -6,
  克: -6,
  mg: -9,
  毫克: -9,
};

const isMass = (unit: string | undefined): boolean => unit !== undefined && unit.toLowerCase() in MASS_UNITS;

/** Laboratories write what they could not find as ND, 未检出, or as less than the limit of detection. */
const NOT_DETECTED = '^(?:ND|nd|N\\.D\\.?|未检出|低于检出限)$';
const BELOW = '^(?:<|＜|小于|低于)';

function power(g: Sql, d: Dialect, unit: string | undefined): Sql {
  const mass = isMass(unit);
  const own = mass ? (MASS_UNITS[(unit as string).toLowerCase()] as number) : 0;
  return d.let(d.lower(d.field(g, 'suffix')), (u) => {
    const same = unit === undefined ? '' : `WHEN ${u} = ${d.text(unit.toLowerCase())} THEN ${own} `;
    const other =
      mass || unit === undefined
        ? d.tryCast(d.lookup(u, new Map(Object.entries(MASS_UNITS).map(([k, v]) => [k, String(v)]))), 'int')
        : 'NULL';
    return `CASE WHEN ${u} = '' THEN ${own} ${same}ELSE ${other} END`;
  });
}

/**
 * A quantity: mass in tonnes, anything else in the unit its column states. '<0.01' is taken as 0.01, the most it can be,
 * and 'ND' as 0, so that a limit is never said to be passed by what was not found.
 */
export const quantity: ValueType = {
  id: 'quantity',
  sqlType: 'decimal',
  prepare: prepareNumber,
  value: (x, d, o) => {
    const own = isMass(o.unit) ? (MASS_UNITS[(o.unit as string).toLowerCase()] as number) : 0;
    const plain = own === 0 ? x : d.concat(x, d.text(`E${own}`));
    const long = d.let(numberGroups(d.regexReplace(x, BELOW, ''), d), (g) =>
      d.let(power(g, d, o.unit), (p) => scaledDecimal(g, p, d)),
    );
    return (
      `CASE WHEN ${isPlainNumber(x, d)} THEN ${d.tryCast(plain, 'decimal')} ` +
      `WHEN ${d.matches(x, NOT_DETECTED)} THEN ${d.cast('0', 'decimal')} ELSE ${long} END`
    );
  },
  reason: (x, d, o) => {
    const g = numberGroups(x, d);
    return firstReason(
      d,
      [
        [d.matches(x, APPROXIMATE), 'approximate'],
        [d.matches(x, SCIENTIFIC), 'scientific'],
        [`${wellFormed(g, d)} AND ${power(g, d, o.unit)} IS NOT NULL`, 'too_large'],
        [wellFormed(g, d), 'unknown_unit'],
      ],
      'not_a_number',
    );
  },
};
