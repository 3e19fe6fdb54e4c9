import { address } from './types/address.js';
import { bool } from './types/bool.js';
import { code } from './types/code.js';
import { date, month, timestamp } from './types/date.js';
import { email } from './types/email.js';
import { cas, division, idNo, industry, licenceNo, orgCode, permitNo, regNo, uscc } from './types/identifiers.js';
import { int } from './types/int.js';
import { list } from './types/list.js';
import { money } from './types/money.js';
import { name } from './types/name.js';
import { percent } from './types/percent.js';
import { person } from './types/person.js';
import { phone } from './types/phone.js';
import { quantity } from './types/quantity.js';
import { text } from './types/text.js';
import type { ValueType } from './value-type.js';

const all: readonly ValueType[] = [
  ...[text, name, person, phone, email, idNo],
  ...[uscc, orgCode, regNo, permitNo, licenceNo, cas, industry, division],
  ...[address, date, month, timestamp],
  ...[int, money, quantity, percent, bool, code, list],
];

/** Every kind of value a contract's field can be, by its id. */
export const valueTypes: Readonly<Record<string, ValueType>> = Object.fromEntries(all.map((t) => [t.id, t]));

export type { AddressAliases } from './address/aliases.js';
export { ADDRESS_DEPTHS, ADDRESS_RELATIONS, type AddressDepth, type AddressRelation } from './address/compare.js';
export { ADDRESS_PARTS, type AddressPart } from './address/parse.js';
export { type ArgType, type DomainFunction, type FunctionName, functions, type Param } from './functions.js';
export * from './identifiers/index.js';
export { maskAll, maskEmail, maskIdNo, maskPerson, maskPhone } from './masks.js';
export { isBranchName, isNameOf, nameKey, sameName } from './names.js';
export { type Reason, type ReasonText, reasons } from './reasons.js';
export { tidyCode } from './tidy.js';
export type { ValueOptions, ValueType } from './value-type.js';
