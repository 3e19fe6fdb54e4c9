import { APPROXIMATE, NUMBER, prepareNumber } from '../numbers.js';
import { firstReason, SCIENTIFIC } from '../reason-case.js';
import type { ValueType } from '../value-type.js';

/** Words for what is counted: 12人, 3家, 2025年度. */
const COUNTED = '(?:人|个|名|户|次|家|件|辆|台|套|岁|年度?|个?月|天|日|栋|幢|间|条|份)?';
const WHOLE = `^(-?)(?:([0-9]+)|([0-9]{1,3}(?:,[0-9]{3})+))(?:\\.0*)?${COUNTED}$`;

/** A whole number; '12.0' is one, '12.5' is not. */
export const int: ValueType = {
  id: 'int',
  sqlType: 'int',
  prepare: prepareNumber,
  value: (x, d) => {
    const digits = d.replace(d.concat(...[1, 2, 3].map((i) => d.regexExtract(x, WHOLE, i))), ',', '');
    return `CASE WHEN ${d.matches(x, '^-?[0-9]{1,18}$')} THEN ${d.tryCast(x, 'int')} WHEN ${d.matches(x, WHOLE)} THEN ${d.tryCast(digits, 'int')} END`;
  },
  reason: (x, d) =>
    firstReason(
      d,
      [
        [d.matches(x, APPROXIMATE), 'approximate'],
        [d.matches(x, SCIENTIFIC), 'scientific'],
        [d.matches(x, WHOLE), 'too_large'],
        [d.matches(x, `^-?${NUMBER}${COUNTED}$`), 'not_whole'],
      ],
      'not_a_number',
    ),
};
