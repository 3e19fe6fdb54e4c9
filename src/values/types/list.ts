import { NULL_WORDS, tidy } from '../tidy.js';
import type { ValueType } from '../value-type.js';

/** Stands for a comma that belongs to a chemical's name while the others are split at. */
const KEPT = '\uE000';
/** 1,2-二氯乙烷 has commas between its locants; a list of CAS numbers has them between whole numbers. */
const LOCANTS = '(^|[^0-9-])([0-9]{1,2}),([0-9]{1,2}(?:,[0-9]{1,2})*-[^0-9])';

const SEPARATORS = '；;、,，|｜';

/** Several texts in one cell, split at ；;、,，| and line breaks; blanks dropped, order kept. */
export const list: ValueType = {
  id: 'list',
  sqlType: 'text[]',
  prepare: (raw, d) =>
    tidy(d.regexReplace(raw, '[ \\t]*[\\r\\n]+[ \\t]*', '；'), d, {
      width: 'alnum',
      spaces: 'collapse',
      more: {
        guard: SEPARATORS,
        // A guard behind a separator goes with it, or cleaning again would find one more.
        step: (x) => d.regexReplace(x, `^(?:[${SEPARATORS} ']|=")+|[${SEPARATORS} ]+$`, ''),
      },
    }),
  value: (x, d) => {
    let y = x;
    // One comma a time, so three locants take three passes; names with more of them than that are not in the trade.
    for (let i = 0; i < 4; i++) y = d.regexReplace(y, LOCANTS, `\\1\\2${KEPT}\\3`);
    const guarded = `CASE WHEN ${d.matches(x, LOCANTS)} THEN ${y} ELSE ${x} END`;
    const items = d.listMap(d.split(guarded, `[${SEPARATORS}]`), (item) =>
      d.let(
        d.trim(d.replace(item, KEPT, ',')),
        (t) => `CASE WHEN ${t} IN (${NULL_WORDS.map((w) => d.text(w)).join(', ')}) THEN NULL ELSE ${t} END`,
      ),
    );
    return d.let(items, (l) => `CASE WHEN ${d.listLength(l)} > 0 THEN ${l} END`);
  },
  reason: (_x, d) => d.text('unreadable'),
};
