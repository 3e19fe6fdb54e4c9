import { NULL_WORDS, tidy, tidyCode } from '../tidy.js';
import type { ValueOptions, ValueType } from '../value-type.js';

const tidied = (o: ValueOptions): Map<string, string> =>
  new Map([...(o.codes ?? new Map<string, string>())].map(([k, v]) => [tidyCode(k), v]));

/** A word of a closed list, written as its label or as its code. A word the list does not know is never guessed. */
export const code: ValueType = {
  id: 'code',
  sqlType: 'text',
  // 无 may be a word of the list (重大危险源级别: 无): then it is an answer.
  prepare: (raw, d, o) => {
    const known = tidied(o);
    return d.lower(
      tidy(raw, d, {
        width: 'all',
        spaces: 'none',
        nulls: NULL_WORDS.filter((w) => w === '' || !known.has(tidyCode(w))),
      }),
    );
  },
  value: (x, d, o) => (o.codes ? d.lookup(x, tidied(o)) : x),
  reason: (_x, d) => d.text('unknown_code'),
};
