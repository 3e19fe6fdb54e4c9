import type { Dialect, Sql } from '../../engine/dialect.js';
import * as cas_ from '../identifiers/cas.js';
import { cleanDivision, divisionCode } from '../identifiers/division.js';
import { cleanIdNo, ID_NO_SHAPE, idNoBirthday, validIdNo } from '../identifiers/id-no.js';
import { cleanIndustry, INDUSTRY_SECTION_ONLY, INDUSTRY_WRONG_LETTER, industryCode } from '../identifiers/industry.js';
import { cleanLicenceNo } from '../identifiers/licence-no.js';
import { cleanOrgCode, ORG_CODE_SHAPE, validOrgCode } from '../identifiers/org-code.js';
import { cleanPermitNo, PERMIT_NO_SHAPE } from '../identifiers/permit-no.js';
import { cleanRegNo, OLD_REG_NO_SHAPE, validRegNo } from '../identifiers/reg-no.js';
import { cleanUscc, USCC_SHAPE, validUscc } from '../identifiers/uscc.js';
import { firstReason, SCIENTIFIC } from '../reason-case.js';
import type { Reason } from '../reasons.js';
import type { ValueType } from '../value-type.js';

interface Spec {
  id: string;
  clean: (raw: Sql, d: Dialect) => Sql;
  value: (x: Sql, d: Dialect) => Sql;
  reasons: (x: Sql, d: Dialect) => (readonly [Sql, Reason])[];
  otherwise: Reason;
}

/** Identifiers differ in their standard, not in how they are read: tidy, check, or say which check failed. */
const identifier = (s: Spec): ValueType => ({
  id: s.id,
  sqlType: 'text',
  prepare: s.clean,
  value: s.value,
  reason: (x, d) => firstReason(d, [[d.matches(x, SCIENTIFIC), 'scientific'], ...s.reasons(x, d)], s.otherwise),
});

const only = (valid: Sql, x: Sql): Sql => `CASE WHEN ${valid} THEN ${x} END`;
const lengthIsNot = (n: number, x: Sql, d: Dialect): readonly [Sql, Reason] => [`${d.length(x)} <> ${n}`, 'length'];

export const uscc = identifier({
  id: 'uscc',
  clean: cleanUscc,
  value: (x, d) => only(validUscc(x, d), x),
  reasons: (x, d) => [lengthIsNot(18, x, d), [`NOT ${d.matches(x, USCC_SHAPE)}`, 'alphabet']],
  otherwise: 'check_digit',
});

export const orgCode = identifier({
  id: 'org_code',
  clean: cleanOrgCode,
  value: (x, d) => only(validOrgCode(x, d), x),
  reasons: (x, d) => [lengthIsNot(9, x, d), [`NOT ${d.matches(x, ORG_CODE_SHAPE)}`, 'alphabet']],
  otherwise: 'check_digit',
});

/** A number of 13 digits is kept: it cannot be checked, but an enterprise may be known by it. */
export const regNo = identifier({
  id: 'reg_no',
  clean: cleanRegNo,
  value: (x, d) => only(`${validRegNo(x, d)} OR ${d.matches(x, OLD_REG_NO_SHAPE)}`, x),
  reasons: (x, d) => [
    [`NOT ${d.matches(x, '^[0-9]+$')}`, 'alphabet'],
    [`${d.length(x)} NOT IN (13, 15)`, 'length'],
  ],
  otherwise: 'check_digit',
});

export const idNo = identifier({
  id: 'id_no',
  clean: cleanIdNo,
  value: (x, d) => only(validIdNo(x, d), x),
  reasons: (x, d) => [
    lengthIsNot(18, x, d),
    [`NOT ${d.matches(x, ID_NO_SHAPE)}`, 'alphabet'],
    [`${idNoBirthday(x, d)} IS NULL`, 'no_such_day'],
  ],
  otherwise: 'check_digit',
});

/** Read by its shape alone: that the credit code inside is right is for a check to say (`valid_permit_no`). */
export const permitNo = identifier({
  id: 'permit_no',
  clean: cleanPermitNo,
  value: (x, d) => only(d.matches(x, PERMIT_NO_SHAPE), x),
  reasons: (x, d) => [lengthIsNot(22, x, d)],
  otherwise: 'alphabet',
});

/** Never refused: no standard gives the form. `valid_licence_no` warns. */
export const licenceNo = identifier({
  id: 'licence_no',
  clean: cleanLicenceNo,
  value: (x, d) => only(`NOT ${d.matches(x, SCIENTIFIC)}`, x),
  reasons: () => [],
  otherwise: 'unreadable',
});

/** Read by its shape alone, so that a check can say that the number's check digit is wrong (`valid_cas`). */
export const cas = identifier({
  id: 'cas',
  clean: cas_.cleanCas,
  value: (x, d) => only(d.matches(x, cas_.CAS_SHAPE), x),
  reasons: () => [],
  otherwise: 'not_a_cas',
});

export const industry = identifier({
  id: 'industry',
  clean: cleanIndustry,
  value: industryCode,
  reasons: (x, d) => [
    [d.matches(x, INDUSTRY_SECTION_ONLY), 'industry_section_only'],
    [d.matches(x, INDUSTRY_WRONG_LETTER), 'industry_letter'],
  ],
  otherwise: 'not_an_industry',
});

export const division = identifier({
  id: 'division',
  clean: cleanDivision,
  value: divisionCode,
  reasons: () => [],
  otherwise: 'not_a_division',
});
