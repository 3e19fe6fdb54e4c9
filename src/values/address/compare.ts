import type { Dialect, Sql } from '../../engine/dialect.js';

export const addressRelation = (a: Sql, b: Sql, d: Dialect): Sql =>
  `CASE WHEN ${d.field(a, 'text')} = ${d.field(b, 'text')} THEN 'exact' WHEN ${d.field(a, 'text')} <> ${d.field(b, 'text')} THEN 'undecided' END`;

export const addressLevel = (a: Sql, b: Sql, d: Dialect): Sql =>
  `CASE WHEN ${d.field(a, 'text')} = ${d.field(b, 'text')} THEN 0 END`;

export const sameAddress = (a: Sql, b: Sql, d: Dialect, _to?: string): Sql =>
  `CASE WHEN ${d.field(a, 'text')} = ${d.field(b, 'text')} THEN TRUE END`;
