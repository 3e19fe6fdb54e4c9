import { firstReason } from '../reason-case.js';
import { tidy } from '../tidy.js';
import type { ValueType } from '../value-type.js';

export const email: ValueType = {
  id: 'email',
  sqlType: 'text',
  prepare: (raw, d) => d.lower(tidy(raw, d, { width: 'all', spaces: 'none' })),
  value: (x, d) => `CASE WHEN ${d.matches(x, '^[^@,;、]+@[a-z0-9-]+([.][a-z0-9-]+)+$')} THEN ${x} END`,
  reason: (x, d) => firstReason(d, [[d.matches(x, '@.*@'), 'several_values']], 'not_an_email'),
};
