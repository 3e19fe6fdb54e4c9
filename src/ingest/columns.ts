import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { type PlainReading, plainReading } from '../values/plain.js';
import type { MappedColumn } from './map-headers.js';
import type { TypedField } from './sources.js';

/** A column of one file, and how its cells are read. */
export interface FileColumn {
  f: TypedField;
  /** The column of the raw table. */
  cell: Sql;
  /** The field's own, but for what this file says otherwise. */
  options: TypedField['options'];
  /** Columns of one kind read equal cells alike, in whatever file or source they stand. */
  kind: string;
  /** How cells written the plain way are read; undefined where this kind knows none. */
  plain: PlainReading | undefined;
  /** `empty`: there is no cell. `plain`: every cell is written the plain way. `mixed`: some are not. */
  state: 'empty' | 'plain' | 'mixed';
}

/** The columns of a file that fields are read from, in the order of the fields. */
export function columnsOf(fields: readonly TypedField[], mapped: readonly MappedColumn[]): FileColumn[] {
  return fields.flatMap((f) => {
    const own = mapped.find((m) => m.field === f.id);
    if (!own) return [];
    const options = { ...f.options };
    if (own.unit) options.unit = own.unit;
    // A range is looked for only where both of its ends are read from one column; a column of its own holds plain dates.
    const shared = mapped.some((m) => m.field !== f.id && m.column === own.column);
    if (!shared) options.part = undefined;
    const kind = [f.field.type, options.unit, options.part, f.field.codes].map((x) => x ?? '').join(' ');
    return [{ f, cell: `c${own.column}`, options, kind, plain: plainOf(f, options), state: 'mixed' as const }];
  });
}

/** A plain cell must have everything that is derived from it at hand as well. */
function plainOf(f: TypedField, options: TypedField['options']): PlainReading | undefined {
  const plain = plainReading(f.field.type, options);
  const derived = Object.keys(f.type.derived?.columns ?? {});
  return derived.every((name) => plain?.derived?.[name]) ? plain : undefined;
}

/**
 * One look at every cell of a file, to find the columns that can be read the short way. Most can, and the long way of a
 * single column is more SQL than the short ways of all.
 */
export async function findStates(session: Session, raw: Sql, columns: readonly FileColumn[]): Promise<void> {
  if (columns.length === 0) return;
  const d = session.dialect;
  const counts = columns.flatMap((c, i) => [
    `count(${c.cell}) AS n${i}`,
    ...(c.plain ? [`${d.countIf(c.plain.test(c.cell, d))} AS p${i}`] : []),
  ]);
  const [found] = await session.rows<Record<string, number>>(`SELECT ${counts.join(', ')} FROM ${raw}`);
  for (const [i, c] of columns.entries()) {
    const cells = Number(found?.[`n${i}`] ?? 0);
    c.state = cells === 0 ? 'empty' : Number(found?.[`p${i}`] ?? 0) === cells ? 'plain' : 'mixed';
  }
}

/** Of a cell that is not NULL: whether it has to be read the long way. */
export const isNotPlain = (c: FileColumn, d: Dialect): Sql =>
  c.plain ? `CASE WHEN ${c.plain.test(c.cell, d)} THEN FALSE ELSE TRUE END` : 'TRUE';
