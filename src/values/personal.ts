import type { Dialect, Sql } from '../engine/dialect.js';
import { maskAll, maskEmail, maskIdNo, maskPerson, maskPhone } from './masks.js';

/** Kinds of personal data that a contract may mark a field with. */
export type PersonalKind = 'name' | 'phone' | 'id_no' | 'email' | 'address';

const MASKS: Record<PersonalKind, (x: Sql, d: Dialect) => Sql> = {
  name: maskPerson,
  phone: maskPhone,
  id_no: maskIdNo,
  email: maskEmail,
  address: maskAll,
};

/** Personal data as reports show it: enough to recognise, not enough to learn (PIPL art. 28, GB/T 35273-2020). */
export const maskSql = (text: Sql, kind: PersonalKind, d: Dialect): Sql => MASKS[kind](text, d);
