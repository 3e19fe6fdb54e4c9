import type { Dialect, Sql } from '../../engine/dialect.js';
import type { AddressPart } from './parse.js';

/**
 * Addresses as keys, for finding the same door, building or room in a library. Zone, street and community are left out:
 * they are often missing, and within one park a road's name is enough. A key is unknown where its last part is missing,
 * so that a coarse address finds nothing rather than everything.
 */
const part = (x: Sql, name: AddressPart, d: Dialect): Sql => d.field(x, name);
const given = (x: Sql, name: AddressPart, d: Dialect): Sql => `${part(x, name, d)} <> ''`;

/** 星湖街 */
export const roadKey = (x: Sql, d: Dialect): Sql => `CASE WHEN ${given(x, 'road', d)} THEN ${part(x, 'road', d)} END`;

/** 星湖街|328: a road and a number. A place known by its name alone needs an alias to have a door. */
export const doorKey = (x: Sql, d: Dialect): Sql =>
  `CASE WHEN ${given(x, 'road', d)} AND ${given(x, 'number', d)} THEN ${part(x, 'road', d)} || '|' || ${part(x, 'number', d)} END`;

/** 星湖街|328|8: the door and the building behind it. */
export const buildingKey = (x: Sql, d: Dialect): Sql =>
  `CASE WHEN ${given(x, 'building', d)} THEN ${doorKey(x, d)} || '|' || ${part(x, 'building', d)} END`;

/** 星湖街|328|8||301: down to one room. Several rooms, or a range of them, are no single key. */
export const unitKey = (x: Sql, d: Dialect): Sql => {
  const inside = (['building', 'unit', 'room'] as const).map((p) => part(x, p, d)).join(` || '|' || `);
  return `CASE WHEN ${d.matches(part(x, 'room', d), '^[0-9A-Z]+$')} THEN ${doorKey(x, d)} || '|' || ${inside} END`;
};

/** Whether an address names a door at all: road and number, a plot, or a building of a named place. */
export const hasDoor = (x: Sql, d: Dialect): Sql =>
  `((${given(x, 'road', d)} OR ${given(x, 'compound', d)}) AND (${given(x, 'number', d)} OR ${given(x, 'building', d)}))`;
