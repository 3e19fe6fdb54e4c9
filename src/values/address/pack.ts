import type { Dialect, Sql } from '../../engine/dialect.js';
import { ADDRESS_PARTS } from './parse.js';

/** Stands between the parts of a packed address; cleaning leaves no control character in them. */
const SEPARATOR = '\u001f';

/** Parsed parts as one text, for storing and for joins. */
export const packParts = (parts: Sql, d: Dialect): Sql =>
  `CASE WHEN ${d.field(parts, 'text')} IS NOT NULL THEN ${ADDRESS_PARTS.map((p) => d.field(parts, p)).join(` || ${d.text(SEPARATOR)} || `)} END`;

/** The parts again, as the structure that comparing reads. */
export const unpackParts = (packed: Sql, d: Dialect): Sql =>
  d.let(d.split(packed, SEPARATOR), (list) =>
    d.struct(Object.fromEntries(ADDRESS_PARTS.map((p, i) => [p, d.listItem(list, i + 1)]))),
  );
