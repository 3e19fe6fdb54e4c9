import { APPROXIMATE, numberGroups, prepareNumber, scaledDecimal } from '../numbers.js';
import { firstReason } from '../reason-case.js';
import type { ValueType } from '../value-type.js';

/** A ratio: 12% is 0.12. A bare number is in the column's unit: '%' or, if it says nothing, 'ratio'. */
export const percent: ValueType = {
  id: 'percent',
  sqlType: 'double',
  prepare: prepareNumber,
  value: (x, d, o) => {
    const own = o.unit === '%' ? -2 : 0;
    // Exact to four places of the percentage: divided only after it was read as a decimal.
    return d.let(numberGroups(x, d), (g) => {
      const suffix = d.field(g, 'suffix');
      const hundredths = d.let(
        `CASE WHEN ${suffix} = '' THEN ${own + 2} WHEN ${suffix} IN ('%', '％') THEN 0 WHEN ${suffix} = '‰' THEN -1 END`,
        (p) => scaledDecimal(g, p, d),
      );
      return d.divide(hundredths, '100');
    });
  },
  reason: (x, d) => firstReason(d, [[d.matches(x, APPROXIMATE), 'approximate']], 'not_a_number'),
};
