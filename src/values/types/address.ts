import { buildingKey, doorKey, unitKey } from '../address/keys.js';
import { packParts } from '../address/pack.js';
import { addressParts } from '../address/parse.js';
import { tidy } from '../tidy.js';
import type { ValueType } from '../value-type.js';

/** An address as it was written, tidied for showing; what is compared are its parts. */
export const address: ValueType = {
  id: 'address',
  sqlType: 'text',
  prepare: (raw, d) => tidy(raw, d, { width: 'alnum', spaces: 'collapse' }),
  value: (x) => x,
  reason: (_x, d) => d.text('unreadable'),
  derived: {
    from: (x, d, o) => addressParts(x, d, o.aliases),
    columns: {
      parts: { sqlType: 'text', sql: packParts },
      door: { sqlType: 'text', sql: doorKey },
      building: { sqlType: 'text', sql: buildingKey },
      unit: { sqlType: 'text', sql: unitKey },
    },
  },
};
