import type { Dialect, Sql } from '../engine/dialect.js';
import { maskAll, maskEmail, maskIdNo, maskPerson, maskPhone } from './masks.js';

/** Kinds of personal data that a contract may mark a field with. */
export type PersonalKind = 'name' | 'party' | 'phone' | 'id_no' | 'email' | 'address';

/** A name that only an organisation bears. What may be a person's is masked. */
const ORGANISATION =
  '(?:公司|企业|集团|工厂|商店|商行|合作社|事务所|委员会|管委会|管理局|中心|学校|大学|学院|医院|研究院|研究所|协会|基金会|银行|村民委员会|居委会)(?:[（(].*[)）])?$';

/** `party`: a person or an organisation, such as the owner of a title; an organisation is no personal data. */
const MASKS: Record<PersonalKind, (x: Sql, d: Dialect) => Sql> = {
  name: maskPerson,
  party: (x, d) => `CASE WHEN ${d.matches(x, ORGANISATION)} THEN ${x} ELSE ${maskPerson(x, d)} END`,
  phone: maskPhone,
  id_no: maskIdNo,
  email: maskEmail,
  address: maskAll,
};

/** Personal data as reports show it: enough to recognise, not enough to learn (PIPL art. 28, GB/T 35273-2020). */
export const maskSql = (text: Sql, kind: PersonalKind, d: Dialect): Sql => MASKS[kind](text, d);
