import type { Dialect, Sql } from '../../engine/dialect.js';
import { firstReason } from '../reason-case.js';
import { tidy } from '../tidy.js';
import type { ValueType } from '../value-type.js';

/** 阿不都.热合曼: a full stop between two Chinese characters is the dot of a transcribed name. */
const dotted = (x: Sql, d: Dialect): Sql => d.regexReplace(x, '(\\p{Han})[.。](\\p{Han})', '\\1·\\2');

/** A natural person's name: 张 三 is 张三, and the dot inside a transcribed name has one form. */
export const person: ValueType = {
  id: 'person',
  sqlType: 'text',
  prepare: (raw, d) =>
    tidy(raw, d, {
      width: 'all',
      spaces: 'collapse',
      more: {
        guard: '•・‧∙●.。 ',
        step: (x) => {
          const close = d.regexReplace(d.translate(x, '•・‧∙●', '·····'), ' *([\\p{Han}·.。]) *', '\\1');
          // Twice, since the character between two dots belongs to both.
          return dotted(dotted(close, d), d);
        },
      },
    }),
  value: (x, d) => `CASE WHEN NOT ${d.matches(x, '^[0-9 ]+$')} THEN ${x} END`,
  reason: (_x, d) => firstReason(d, [], 'not_a_person'),
};
