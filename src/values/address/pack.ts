import type { Dialect, Sql } from '../../engine/dialect.js';
import { ADDRESS_PARTS, type AddressPart } from './parse.js';

/** Stands between the parts of a packed address; cleaning leaves no control character in them. */
const SEPARATOR = '\u001f';

/** Parsed parts as one text, for storing and for joins. One call: operators would copy what stands before each of them again. */
export const packParts = (parts: Sql, d: Dialect): Sql => {
  const fields = ADDRESS_PARTS.flatMap((p, i) => [...(i > 0 ? [d.text(SEPARATOR)] : []), d.field(parts, p)]);
  return `CASE WHEN ${d.field(parts, 'text')} IS NOT NULL THEN ${d.concat(...fields)} END`;
};

/** The parts again, as the structure that comparing reads. */
export const unpackParts = (packed: Sql, d: Dialect): Sql =>
  d.let(d.split(packed, SEPARATOR), (list) =>
    d.struct(Object.fromEntries(ADDRESS_PARTS.map((p, i) => [p, d.listItem(list, i + 1)]))),
  );

/** A packed address as a list of its parts, for `partOf`. */
export const splitParts = (packed: Sql, d: Dialect): Sql => d.split(packed, SEPARATOR);

/** One part of an address that was split. */
export const partOf = (split: Sql, part: AddressPart, d: Dialect): Sql =>
  d.listItem(split, ADDRESS_PARTS.indexOf(part) + 1);
