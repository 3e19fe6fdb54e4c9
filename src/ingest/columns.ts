import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { type PlainReading, plainReading } from '../values/plain.js';
import type { MappedColumn } from './map-headers.js';
import type { RawTable } from './raw-table.js';
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

/** Below so many rows it takes longer to prepare a second look than to look at all of them. */
const MANY_ROWS = 20_000;
/** Of a file of many rows: what is not plain here need not be looked for in all the others. */
const FIRST_ROWS = 5_000;

/**
 * One look at the cells of a file, to find the columns that can be read the short way. Most can, and the long way of a
 * single column is more SQL than the short ways of all. Of a large file as little is looked at as will tell.
 */
export async function findStates(
  session: Session,
  raw: Pick<RawTable, 'table' | 'different' | 'counts'>,
  columns: readonly FileColumn[],
): Promise<void> {
  if (raw.counts.data < MANY_ROWS) return look(session, raw.table, columns);
  const few = columns.filter((c) => raw.different?.[c.cell]);
  await lookAtDifferent(session, raw.different ?? {}, few);
  const others = columns.filter((c) => !few.includes(c));
  await look(session, `${raw.table} WHERE _row <= ${FIRST_ROWS}`, others);
  await look(
    session,
    raw.table,
    others.filter((c) => c.state !== 'mixed'),
  );
}

/** How many of a column's cells there are, and how many of them are plain. */
const counts = (c: FileColumn, d: Dialect): { n: Sql; p: Sql } => ({
  n: `count(${c.cell})`,
  p: c.plain ? d.countIf(c.plain.test(c.cell, d)) : '0',
});

async function look(session: Session, from: Sql, columns: readonly FileColumn[]): Promise<void> {
  if (columns.length === 0) return;
  const all = columns.flatMap((c, i) => {
    const { n, p } = counts(c, session.dialect);
    return [`${n} AS n${i}`, ...(c.plain ? [`${p} AS p${i}`] : [])];
  });
  const [found] = await session.rows<Record<string, number>>(`SELECT ${all.join(', ')} FROM ${from}`);
  for (const [i, c] of columns.entries()) c.state = stateOf(found?.[`n${i}`], found?.[`p${i}`]);
}

async function lookAtDifferent(
  session: Session,
  different: Readonly<Record<string, Sql>>,
  columns: readonly FileColumn[],
): Promise<void> {
  if (columns.length === 0) return;
  const selects = columns.map((c, i) => {
    const { n, p } = counts(c, session.dialect);
    return `SELECT ${i} AS i, ${n} AS n, ${p} AS p FROM (${different[c.cell]}) AS cells_${i}`;
  });
  const found = await session.rows<{ i: number; n: number; p: number }>(selects.join(' UNION ALL '));
  for (const { i, n, p } of found) columns[Number(i)]!.state = stateOf(n, p);
}

const stateOf = (cells: number | undefined, plain: number | undefined): FileColumn['state'] =>
  Number(cells ?? 0) === 0 ? 'empty' : Number(plain ?? 0) === Number(cells) ? 'plain' : 'mixed';

/** Of a cell that is not NULL: whether it has to be read the long way. */
export const isNotPlain = (c: FileColumn, d: Dialect): Sql =>
  c.plain ? `CASE WHEN ${c.plain.test(c.cell, d)} THEN FALSE ELSE TRUE END` : 'TRUE';
