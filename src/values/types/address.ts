import { buildingKey, doorKey, unitKey } from '../address/keys.js';
import { packParts } from '../address/pack.js';
import { addressStages } from '../address/parse.js';
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
    stages: (x, prefix, d, o) => addressStages(x, prefix, d, o.aliases),
    columns: Object.fromEntries(Object.entries(DERIVED).map(([name, sql]) => [name, { sqlType: 'text', sql }])),
  },
};
