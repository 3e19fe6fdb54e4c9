import { tidy } from '../tidy.js';
import type { ValueType } from '../value-type.js';

/** Free text: letters and digits half-width, spaces tidied, Chinese punctuation left as it is. */
export const text: ValueType = {
  id: 'text',
  sqlType: 'text',
  prepare: (raw, d) => tidy(raw, d, { width: 'alnum', spaces: 'collapse' }),
  value: (x) => x,
  reason: (_x, d) => d.text('unreadable'),
};
