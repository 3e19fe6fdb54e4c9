import type { Contract } from '../config/contract.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { FileColumn } from './columns.js';
import { derivedColumns, nullOf, type TypedField } from './sources.js';
import type { ValueTables } from './value-tables.js';

/**
 * What could not be read travels with its row in one text, `_why`: for each such field a record separator, the field, a
 * unit separator, the reason, a unit separator and the cell as it stood. Nearly always NULL, so it costs nothing.
 */
const RECORD = '\u001e';
const UNIT = '\u001f';

/** The reason that `why` gives for a field; NULL where it could be read. */
export const reasonFor = (why: Sql, field: string, d: Dialect): Sql =>
  d.regexExtract(why, `${RECORD}${field}${UNIT}([^${UNIT}${RECORD}]*)${UNIT}`, 1);

/** The cell that `why` keeps for a field. */
export const rawFor = (why: Sql, field: string, d: Dialect): Sql =>
  d.regexExtract(why, `${RECORD}${field}${UNIT}[^${UNIT}${RECORD}]*${UNIT}([^${RECORD}]*)`, 1);

/** All entries of a `why`, the first of them empty, and the field, reason and cell of one. */
export const entriesOf = (why: Sql, d: Dialect): Sql => d.split(why, RECORD);
export const entryParts = (entry: Sql, d: Dialect): { field: Sql; reason: Sql; raw: Sql } => {
  const part = (i: number) => d.listItem(d.split(entry, UNIT), i);
  return { field: part(1), reason: part(2), raw: part(3) };
};

/**
 * The rows of a source by type, before duplicates are dropped and rows are linked. Columns are the fields, what is derived
 * from them, and
 *
 *   _file, _row  where the row stands
 *   _bad         ids of fields whose cell could not be read, or for which this file has no column where others do;
 *                NULL where there is none
 *   _why         see above; holds key fields that are blank as well
 *   _repaired    the credit code's cell as it stood, where one confusable character of it was put right
 */
export interface TypedRows {
  /**
   * SELECT of these columns, which pays for no other. `within` is a relation with the `_file` and `_row` of the rows meant, or a
   * portion of them; without it, all are.
   */
  select(columns: readonly string[], within?: Sql | Portion): Sql;
  /** They are to be stored in these portions, for the sake of memory; undefined where all at once will do. */
  portions?: readonly Portion[];
  /** Fields that are known to have a value in every row. */
  full: ReadonlySet<string>;
  /** Whether any cell may be found that cannot be read. */
  faulty: boolean;
  /** Whether any `_repaired` may be found. */
  repaired: boolean;
}

/** Rows of one file, from `_row` to `_row`; the last portion has no end. */
export interface Portion {
  file: number;
  from: number;
  to: number | undefined;
}

const isIn = ({ from, to }: Portion, row: Sql): Sql =>
  `${row} >= ${from}${to === undefined ? '' : ` AND ${row} <= ${to}`}`;

/** They lie in a table that has all of these columns. */
export function storedRows(table: Sql, d: Dialect): TypedRows {
  return {
    select: (columns, within) => {
      const own = columns.map((c) => `s.${d.ident(c)}`).join(', ');
      const meant =
        within === undefined
          ? ''
          : typeof within === 'string'
            ? ` WHERE EXISTS (SELECT 1 FROM ${within} AS w WHERE w._file = s._file AND w._row = s._row)`
            : ` WHERE s._file = ${within.file} AND ${isIn(within, 's._row')}`;
      return `SELECT ${own} FROM ${table} AS s${meant}`;
    },
    full: new Set(),
    faulty: true,
    repaired: true,
  };
}

export interface TypedFile {
  /** Index into the record's files; `_file` of its rows. */
  index: number;
  /** Table of text cells. */
  raw: Sql;
  /** Of data. */
  rows: number;
  columns: readonly FileColumn[];
}

/**
 * They are read from the text of files as they are asked for. Cells written the plain way are read as they pass; the
 * others are looked up in `values`.
 */
export function typedRows(
  d: Dialect,
  contract: Contract,
  fields: readonly TypedField[],
  files: readonly TypedFile[],
  values: ValueTables,
  /** Of a source with addresses. */
  rowsAtOnce: number,
): TypedRows {
  const somewhere = new Set(files.flatMap((f) => f.columns.map((c) => c.f.id)));
  const read = files.map((file) => ({
    file,
    readings: file.columns.map((c, i) => reading(c, i, file.rows, values, d)),
  }));
  const all = read.flatMap((x) => x.readings);
  const columnsOf = (file: TypedFile | undefined, readings: readonly Reading[]) =>
    columnReadings(d, contract, fields, somewhere, file, readings);
  const columns = read.map(({ file, readings }) => columnsOf(file, readings));
  // A source that was not delivered still has its columns.
  const none = columnsOf(undefined, []);
  return {
    select: (asked, within) => {
      const one = (of: ReadonlyMap<string, Column>, file: TypedFile | undefined) => {
        const chosen = asked.map((name) => ({ name, ...of.get(name)! }));
        const select = `SELECT ${chosen.map((c) => `${c.sql} AS ${d.ident(c.name)}`).join(', ')} FROM`;
        if (!file) return `${select} (SELECT 1 AS one) AS nothing WHERE FALSE`;
        const joined = (rows: Sql, n: number) => {
          const joins = new Set(chosen.flatMap((c) => c.joins.map((join) => join({ rows, n }))));
          return [`${select} ${rows} AS r`, ...joins].join(' ');
        };
        if (within === undefined) return joined(file.raw, file.rows);
        // Before the joins: the engine would not look through them for fewer rows.
        const meant =
          typeof within === 'string'
            ? `_row IN (SELECT _row FROM ${within} AS w WHERE w._file = ${file.index})`
            : isIn(within, '_row');
        return joined(`(SELECT * FROM ${file.raw} WHERE ${meant})`, Math.min(file.rows, rowsAtOnce));
      };
      const chosen = typeof within === 'object' ? files.findIndex((f) => f.index === within.file) : undefined;
      if (chosen !== undefined) return one(columns[chosen]!, files[chosen]);
      return files.length === 0 ? one(none, undefined) : columns.map((c, i) => one(c, files[i])).join(' UNION ALL ');
    },
    ...portionsOf(read, rowsAtOnce),
    full: new Set(
      fields
        .filter((f) => read.length > 0 && read.every((x) => x.readings.some((r) => r.c.f.id === f.id && r.c.full)))
        .map((f) => f.id),
    ),
    faulty: all.some((r) => r.fault),
    repaired: all.some((r) => r.c.f.id === contract.subject?.uscc && r.repaired),
  };
}

function portionsOf(
  read: readonly { file: TypedFile; readings: readonly Reading[] }[],
  atOnce: number,
): Pick<TypedRows, 'portions'> {
  const heavy = ({ file, readings }: (typeof read)[number]) =>
    file.rows > atOnce && readings.some((r) => r.joins.length > 0 && r.c.f.field.type === 'address');
  if (!read.some(heavy)) return {};
  const portions = read.flatMap((x) => {
    const n = heavy(x) ? Math.ceil(x.file.rows / atOnce) : 1;
    return Array.from({ length: n }, (_, i) => ({
      file: x.file.index,
      from: i * atOnce,
      to: i === n - 1 ? undefined : (i + 1) * atOnce - 1,
    }));
  });
  return { portions };
}

/** How one column is read: its value, what is derived from it, and what is wrong with it, over `r` and the lookup it joins. */
interface Reading {
  c: FileColumn;
  value: Sql;
  derived: Record<string, Sql>;
  /** Undefined where nothing can be wrong. */
  fault?: { bad: Sql; reason: Sql };
  repaired?: Sql;
  joins: Join[];
}

/** Rows of a file, at most so many. */
interface FileRows {
  rows: Sql;
  n: number;
}

/** What is joined to rows of a file, `r`. */
type Join = (of: FileRows) => Sql;

function reading(c: FileColumn, i: number, rows: number, values: ValueTables, d: Dialect): Reading {
  const { type } = c.f;
  const cell = `r.${c.cell}`;
  const derivedOf = (of: (suffix: string) => Sql) =>
    Object.fromEntries(Object.keys(type.derived?.columns ?? {}).map((suffix) => [suffix, of(suffix)]));
  if (c.state === 'empty') {
    return {
      c,
      value: nullOf(type.sqlType, d),
      derived: derivedOf((suffix) => nullOf(type.derived!.columns[suffix]!.sqlType, d)),
      joins: [],
    };
  }
  const plain = c.plain && {
    value: d.cast(c.plain.value(cell, d), type.sqlType),
    derived: derivedOf((suffix) => c.plain!.derived![suffix]!(cell, d)),
  };
  if (c.state === 'plain') return { c, ...plain!, joins: [] };
  const table = values.of(c);
  const text = rows * table.texts <= COMPARISONS ? inMap(c, table.name, cell, d) : joined(c, i, table, d);
  // What is not found there is written the plain way, or is NULL.
  const chosen = (short: Sql | undefined, long: Sql) =>
    short === undefined ? long : `CASE WHEN ${text.isAbsent} THEN ${short} ELSE ${long} END`;
  return {
    c,
    value: chosen(plain?.value, text.says('value')),
    derived: derivedOf((suffix) => chosen(plain?.derived[suffix], text.says(suffix))),
    ...(table.bad ? { fault: { bad: text.says('bad'), reason: text.says('reason') } } : {}),
    ...(table.repaired ? { repaired: `CASE WHEN ${text.says('repaired')} THEN ${cell} END` } : {}),
    joins: [text.join],
  };
}

/** A cell among the texts that were read the long way. */
interface FoundText {
  join: Join;
  isAbsent: Sql;
  /** What stands in a column of the table of texts; NULL where the cell is not there. */
  says(column: string): Sql;
}

/**
 * Of so few rows times texts, a cell is looked for among all of them. A join takes an engine a millisecond or two for each column, and lays
 * out every other column of the row as it passes, so that forty of them take the square of forty.
 */
const COMPARISONS = 100_000;

/**
 * An engine builds up what it joins to. Where there are many more texts than rows, those that occur in the rows are found first: a file of
 * a few thousand rows would have it build up every address of every file, once for each of its columns.
 */
const MANY_TEXTS = 100_000;
const MANY_FOR_A_ROW = 8;

function joined({ cell }: FileColumn, i: number, table: { name: Sql; texts: number }, d: Dialect): FoundText {
  const w = `w${i}`;
  const occurring = ({ rows, n }: FileRows) =>
    table.texts > Math.max(MANY_TEXTS, MANY_FOR_A_ROW * n)
      ? `(SELECT * FROM ${table.name} WHERE raw IN (SELECT ${cell} FROM ${rows} AS o))`
      : table.name;
  return {
    join: (of) => `LEFT JOIN ${occurring(of)} AS ${w} ON ${w}.raw = r.${cell}`,
    isAbsent: `${w}.raw IS NULL`,
    says: (column) => `${w}.${d.ident(column)}`,
  };
}

/** One map for all columns of a kind. */
function inMap({ f }: FileColumn, table: Sql, cell: Sql, d: Dialect): FoundText {
  const columns = [
    'value',
    'bad',
    'reason',
    ...(f.field.type === 'uscc' ? ['repaired'] : []),
    ...Object.keys(f.type.derived?.columns ?? {}),
  ];
  const own = d.struct(Object.fromEntries(columns.map((name) => [name, d.ident(name)])));
  const texts = d.ident(`${table.replace(/\W/g, '')}_texts`);
  const found = d.inMap(`${texts}.texts`, cell);
  return {
    join: () => `CROSS JOIN (SELECT ${d.mapOf('raw', own)} AS texts FROM ${table}) AS ${texts}`,
    isAbsent: `${found} IS NULL`,
    says: (column) => d.field(found, column),
  };
}

interface Column {
  sql: Sql;
  joins: readonly Join[];
}

/** How each column of the typed rows of one file is read. */
function columnReadings(
  d: Dialect,
  contract: Contract,
  fields: readonly TypedField[],
  somewhere: ReadonlySet<string>,
  file: TypedFile | undefined,
  readings: readonly Reading[],
): ReadonlyMap<string, Column> {
  const of = new Map(readings.map((x) => [x.c.f.id, x]));
  const lacking = fields.filter((f) => !of.has(f.id) && somewhere.has(f.id)).map((f) => f.id);
  const columns = new Map<string, Column>();
  const add = (name: string, sql: Sql, from: readonly Reading[] = []) =>
    columns.set(name, { sql, joins: from.flatMap((x) => x.joins) });
  for (const f of fields) {
    const x = of.get(f.id);
    const own = x ? [x] : [];
    add(f.id, x?.value ?? nullOf(f.type.sqlType, d), own);
    for (const y of derivedColumns(f)) add(y.name, x?.derived[y.suffix] ?? y.none(d), own);
  }
  add('_file', file ? `CAST(${file.index} AS INTEGER)` : 'CAST(NULL AS INTEGER)');
  add('_row', file ? 'r._row' : nullOf('int', d));
  const faults = readings.filter((x) => x.fault);
  add('_bad', badList(d, faults, lacking), faults);
  const wrong = readings.filter((x) => x.fault || canBeBlankKey(x, contract));
  add('_why', whyText(d, contract, wrong), wrong);
  const uscc = contract.subject?.uscc === undefined ? undefined : of.get(contract.subject.uscc);
  add('_repaired', uscc?.repaired ?? nullOf('text', d), uscc?.repaired ? [uscc] : []);
  return columns;
}

const canBeBlankKey = (x: Reading, contract: Contract): boolean => contract.key.includes(x.c.f.id) && !x.c.full;

function whyText(d: Dialect, contract: Contract, wrong: readonly Reading[]): Sql {
  if (wrong.length === 0) return nullOf('text', d);
  const parts = wrong.map((x) => {
    const cell = `r.${x.c.cell}`;
    const entry = (reason: Sql) =>
      d.concat(d.text(`${RECORD}${x.c.f.id}${UNIT}`), reason, d.text(UNIT), d.translate(cell, RECORD + UNIT, ''));
    const unread = x.fault ? ` WHEN ${x.fault.bad} THEN ${entry(x.fault.reason)}` : '';
    const blank = canBeBlankKey(x, contract) ? ` WHEN ${x.value} IS NULL THEN ${entry(d.text('key_blank'))}` : '';
    return `CASE${unread}${blank} ELSE '' END`;
  });
  return `nullif(${d.concat(d.text(''), ...parts)}, '')`;
}

function badList(d: Dialect, faults: readonly Reading[], lacking: readonly string[]): Sql {
  const bad = faults.map((x) => ({ id: x.c.f.id, when: x.fault!.bad }));
  const always = lacking.map((id) => d.text(id));
  if (bad.length === 0) return always.length > 0 ? d.list(...always) : nullOf('text[]', d);
  const all = d.listMap(d.list(...bad.map((b) => `CASE WHEN ${b.when} THEN ${d.text(b.id)} END`), ...always), (x) => x);
  if (always.length > 0) return all;
  return `CASE WHEN ${bad.map((b) => b.when).join(' OR ')} THEN ${all} END`;
}
