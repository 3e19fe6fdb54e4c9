import { ADDRESS_PARTS, addressParts } from '../address/parse.js';
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
    parts: { sql: (x, d, o) => addressParts(x, d, o.aliases), none: (d) => d.noStruct(ADDRESS_PARTS) },
  },
};
