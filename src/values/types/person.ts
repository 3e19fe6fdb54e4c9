import { firstReason } from '../reason-case.js';
import { tidy } from '../tidy.js';
import type { ValueType } from '../value-type.js';

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
          const y = d.translate(x, '•・‧∙●', '·····');
          return d.regexReplace(d.regexReplace(y, '(\\p{Han})[.。](\\p{Han})', '\\1·\\2'), ' *([\\p{Han}·]) *', '\\1');
        },
      },
    }),
  value: (x, d) => `CASE WHEN NOT ${d.matches(x, '^[0-9 ]+$')} THEN ${x} END`,
  reason: (_x, d) => firstReason(d, [], 'not_a_person'),
};
