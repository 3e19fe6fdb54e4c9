import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { type PlainReading, plainReading } from '../values/plain.js';
import { lifted, projected, type Staged } from '../values/stages.js';
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
  /** Whether every row of the file is known to have a value here. */
  full: boolean;
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
    return [
      { f, cell: `c${own.column}`, options, kind, plain: plainOf(f, options), state: 'mixed' as const, full: false },
    ];
  });
}

/** A plain cell must have everything that is derived from it at hand as well. */
function plainOf(f: TypedField, options: TypedField['options']): PlainReading | undefined {
  const plain = plainReading(f.field.type, options);
  const derived = Object.keys(f.type.derived?.columns ?? {});
  return derived.every((name) => plain?.derived?.[name]) ? plain : undefined;
}

/** Below so many rows it takes longer to prepare a look at a file than to take it. */
const MANY_ROWS = 20_000;
/** Of a file of many rows: what is not plain here need not be looked for in all the others. */
const FIRST_ROWS = 5_000;

/** A file as far as it matters here. */
export interface LookedAt {
  raw: Pick<RawTable, 'table' | 'different' | 'counts' | 'live'>;
  columns: readonly FileColumn[];
}

/** Whether a file is looked at with others, all columns of one kind together. A scan of a view begins with opening its file again. */
export const isSmall = ({ raw }: LookedAt): boolean => raw.counts.data < MANY_ROWS && !raw.live;

/**
 * One look at the cells of a file, to find the columns that can be read the short way. Most can, and the long way of a
 * single column is more SQL than the short ways of all. Of a large file as little is looked at as will tell.
 */
export async function findStates(session: Session, { raw, columns }: LookedAt): Promise<void> {
  if (raw.counts.data < MANY_ROWS) return look(session, raw.table, columns);
  const few = columns.filter((c) => raw.different?.[c.cell]);
  await lookAtDifferent(session, raw.different ?? {}, few);
  const others = columns.filter((c) => !few.includes(c));
  await look(session, `(SELECT * FROM ${raw.table} WHERE _row <= ${FIRST_ROWS}) AS first_rows`, others);
  await look(
    session,
    raw.table,
    others.filter((c) => c.state !== 'mixed'),
  );
}

/**
 * The same for small files, of which nearly all time would go into preparing the tests: each kind of column is tested by one
 * statement, in whatever files its columns stand. Answers what there is to do; the tasks do not need each other.
 */
export function findStatesTogether(files: readonly LookedAt[]): ((session: Session) => Promise<void>)[] {
  const ofKind = new Map<string, { column: FileColumn; table: Sql }[]>();
  for (const { raw, columns } of files) {
    for (const column of columns) {
      const kind = column.plain ? column.kind : '';
      ofKind.set(kind, [...(ofKind.get(kind) ?? []), { column, table: raw.table }]);
    }
  }
  return [...ofKind.values()].map((cells) => (session) => lookAtKind(session, cells));
}

async function lookAtKind(session: Session, columns: readonly { column: FileColumn; table: Sql }[]): Promise<void> {
  const d = session.dialect;
  const cells = columns.map(({ column, table }, i) => `SELECT ${i} AS i, ${column.cell} AS cell FROM ${table}`);
  const { n, p, tested } = counts({ cell: 'cell', plain: columns[0]!.column.plain }, 0, d);
  const from = projected(`(${cells.join(' UNION ALL ')}) AS cells`, tested, d);
  const found = await session.rows<Counts & { i: number }>(
    `SELECT i, count(*) AS ${d.ident('all')}, ${n} AS n, ${p} AS p FROM ${from} GROUP BY i`,
  );
  const of = new Map(found.map((x) => [Number(x.i), x]));
  for (const [i, { column }] of columns.entries()) {
    const { all, n, p } = of.get(i) ?? { all: 0, n: 0, p: 0 };
    settle(column, { all: Number(all), n: Number(n), p: Number(p) });
  }
}

/** Of `all` rows, or different cells: how many have a cell, and how many of these are plain. */
interface Counts {
  all: number;
  n: number;
  p: number;
}

/** For a SELECT from a relation that has the projections of `tested`, the plain test where there is one. */
function counts(
  c: Pick<FileColumn, 'cell' | 'plain'>,
  i: number,
  d: Dialect,
): { n: Sql; p: Sql; tested: readonly Staged[] } {
  const n = `count(${c.cell})`;
  if (!c.plain) return { n, p: '0', tested: [] };
  const tested = lifted(c.cell, c.plain.test, `plain_${i}_`, d);
  return { n, p: d.countIf(tested.result), tested: [tested] };
}

async function look(session: Session, from: Sql, columns: readonly FileColumn[]): Promise<void> {
  if (columns.length === 0) return;
  const d = session.dialect;
  const counted = columns.map((c, i) => counts(c, i, d));
  const all = counted.map(({ n, p }, i) => `${n} AS n${i}, ${p} AS p${i}`);
  const tested = counted.flatMap((c) => c.tested);
  const [found] = await session.rows<Record<string, number>>(
    `SELECT count(*) AS n, ${all.join(', ')} FROM ${projected(from, tested, d)}`,
  );
  const of = (name: string) => Number(found?.[name] ?? 0);
  for (const [i, c] of columns.entries()) settle(c, { all: of('n'), n: of(`n${i}`), p: of(`p${i}`) });
}

async function lookAtDifferent(
  session: Session,
  different: Readonly<Record<string, Sql>>,
  columns: readonly FileColumn[],
): Promise<void> {
  if (columns.length === 0) return;
  const d = session.dialect;
  const selects = columns.map((c, i) => {
    const { n, p, tested } = counts(c, i, d);
    const cells = projected(`(${different[c.cell]}) AS cells_${i}`, tested, d);
    return `SELECT ${i} AS i, count(*) AS ${d.ident('all')}, ${n} AS n, ${p} AS p FROM ${cells}`;
  });
  const found = await session.rows<Counts & { i: number }>(selects.join(' UNION ALL '));
  for (const { i, all, n, p } of found) settle(columns[Number(i)]!, { all: Number(all), n: Number(n), p: Number(p) });
}

function settle(c: FileColumn, { all, n, p }: Counts): void {
  c.state = n === 0 ? 'empty' : p === n ? 'plain' : 'mixed';
  c.full = c.state === 'plain' && n === all;
}

/** SELECT of the cells of a table, as `raw`, that have to be read the long way. */
export function notPlain(c: FileColumn, table: Sql, d: Dialect): Sql {
  const tested = c.plain && lifted(c.cell, c.plain.test, 'plain_', d);
  const odd = tested ? ` AND CASE WHEN ${tested.result} THEN FALSE ELSE TRUE END` : '';
  return `SELECT ${c.cell} AS raw FROM ${projected(table, tested ? [tested] : [], d)} WHERE ${c.cell} IS NOT NULL${odd}`;
}
