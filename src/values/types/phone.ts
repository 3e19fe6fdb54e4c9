import { firstReason } from '../reason-case.js';
import { DASH_CLASS, tidy, unifyDashes } from '../tidy.js';
import type { ValueType } from '../value-type.js';

const MOBILE = '^1[3-9][0-9]{9}$';
/** Area code, seven or eight digits, perhaps an extension; the area code may be missing. */
const LANDLINE = '^(?:0[0-9]{2,3}-?)?[2-9][0-9]{6,7}(?:-[0-9]{1,6})?$';
/** 400 and 800 numbers, and short service numbers. */
const SERVICE = '^[48]00-?[0-9]{3}-?[0-9]{4}$|^1[0-9]{4}$|^9[0-9]{4,5}$';

/** A telephone number: mobile numbers as eleven digits, others as they are, with half-width dashes. */
export const phone: ValueType = {
  id: 'phone',
  sqlType: 'text',
  prepare: (raw, d) =>
    tidy(raw, d, {
      width: 'all',
      spaces: 'none',
      more: {
        guard: `+()转${DASH_CLASS}\\-`,
        step: (x) => {
          const y = d.regexReplace(unifyDashes(d.replace(x, ' ', ''), d), '[转-]+', '-');
          const z = d.regexReplace(
            d.regexReplace(y, '^\\(?\\+?\\(?86\\)?-?([01])', '\\1'),
            '^\\((0[0-9]{2,3})\\)-?',
            '\\1-',
          );
          return d.regexReplace(z, '^(1[3-9][0-9])-?([0-9]{4})-?([0-9]{4})$', '\\1\\2\\3');
        },
      },
    }),
  value: (x, d) => `CASE WHEN ${d.matches(x, `${MOBILE}|${LANDLINE}|${SERVICE}`)} THEN ${x} END`,
  reason: (x, d) => firstReason(d, [[d.matches(x, '[,;、/].*[0-9]'), 'several_values']], 'not_a_phone'),
};
