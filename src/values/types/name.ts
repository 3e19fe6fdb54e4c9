import { nameKey } from '../names.js';
import { tidy } from '../tidy.js';
import type { ValueType } from '../value-type.js';

/**
 * An enterprise's name as its licence prints it: full-width brackets, no spaces between Chinese characters. For
 * showing; names are compared by `name_key`.
 */
export const name: ValueType = {
  id: 'name',
  sqlType: 'text',
  prepare: (raw, d) =>
    tidy(raw, d, {
      width: 'alnum',
      spaces: 'collapse',
      more: {
        guard: '()\\[\\]〔〕［］【】 ',
        step: (x) => {
          const y = d.translate(x, '()[]〔〕［］【】', '（）（）（）（）（）');
          return d.regexReplace(y, ' *([\\p{Han}（）·]) *', '\\1');
        },
      },
    }),
  value: (x) => x,
  reason: (_x, d) => d.text('unreadable'),
  derived: {
    stages: (x, _prefix, d) => ({ projections: [], result: nameKey(x, d) }),
    columns: { key: { sqlType: 'text', sql: (key) => key } },
  },
};
