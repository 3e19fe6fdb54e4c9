import type { Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import type { ValueOptions } from '../values/index.js';

/** The reference table of renamed roads, named compounds and other names of zones. */
export const ALIAS_SOURCE = 'address_alias';

/** Reads it (as typed by its contract) into the form that addresses are parsed with. Some dozens of rows: a park's own names. */
export async function readAliases(session: Session, table: Sql): Promise<ValueOptions['aliases']> {
  const rows = await session.rows<{ alias: string; canonical: string; kind: string | null }>(
    `SELECT alias, canonical, kind FROM ${table} WHERE alias IS NOT NULL AND canonical IS NOT NULL ORDER BY alias, canonical`,
  );
  const of = (kind: string) => new Map(rows.filter((r) => r.kind === kind).map((r) => [r.alias, r.canonical]));
  return { roads: of('road'), places: of('place'), zones: of('zone') };
}
