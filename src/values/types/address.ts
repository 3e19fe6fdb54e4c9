import { buildingKey, doorKey, unitKey } from '../address/keys.js';
import { packParts } from '../address/pack.js';
import { fromAddress } from '../address/parse.js';
import { tidy } from '../tidy.js';
import type { ValueType } from '../value-type.js';

const DERIVED = { parts: packParts, door: doorKey, building: buildingKey, unit: unitKey };

/** An address as it was written, tidied for showing; what is compared are its parts. */
export const address: ValueType = {
  id: 'address',
  sqlType: 'text',
  prepare: (raw, d) => tidy(raw, d, { width: 'alnum', spaces: 'collapse' }),
  value: (x) => x,
  reason: (_x, d) => d.text('unreadable'),
  derived: {
    from: (x, d, o) => fromAddress(x, d, o.aliases, DERIVED),
    columns: Object.fromEntries(
      Object.keys(DERIVED).map((name) => [name, { sqlType: 'text', sql: (from, d) => d.field(from, name) }]),
    ),
  },
};
