import type { CheckedCheck } from '../checks/checked.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { RunFacts } from './facts.js';
import { identitySql } from './identity.js';
import { Layers } from './layers.js';
import { outcomeSql } from './outcomes.js';
import type { Frame } from './plan.js';
import { render } from './render.js';
import { FrameTables } from './tables.js';

/**
 * SELECT of what a check that judges rows one by one said of each row: its enterprise, what it is about, the outcome, and
 * whether what it is about can be read at all. From a frame of that check alone.
 */
export function aboutSelect(frame: Frame, d: Dialect, facts: RunFacts, schema: string): Sql {
  const check = frame.checks[0] as CheckedCheck;
  const tables = new FrameTables(frame, d, facts, schema);
  const layers = new Layers(tables.place);
  const p = layers.place;
  const at = layers.leaf(tables.eachAt());
  const unread = check.about.map((e) => `${render(e, p)} IS NULL`).join(' OR ') || 'FALSE';
  const columns = [
    '_eid',
    `${d.text(check.id)} AS check_id`,
    `${identitySql(check.about, p)} AS about_key`,
    `${outcomeSql(check, tables, layers)} AS outcome`,
    `CASE WHEN ${unread} THEN TRUE ELSE FALSE END AS unread`,
  ];
  return layers.select(columns, tables, `${at} IS NOT NULL`);
}
