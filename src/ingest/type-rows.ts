import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import type { FileColumn } from './columns.js';
import { derivedColumns, nullOf, type TypedField, tables } from './sources.js';
import type { ValueTables } from './value-tables.js';

/**
 * What could not be read travels with its row in one text, `_why`: for each such field a record separator, the field, a
 * unit separator, the reason, a unit separator and the cell as it stood. Nearly always NULL, so it costs nothing, and
 * the raw tables need not be asked again.
 */
const RECORD = '\u001e';
const UNIT = '\u001f';

/** The reason that `why` gives for a field; NULL where it could be read. */
export const reasonFor = (why: Sql, field: string, d: Dialect): Sql =>
  d.regexExtract(why, `${RECORD}${field}${UNIT}([^${UNIT}${RECORD}]*)${UNIT}`, 1);

/** The cell that `why` keeps for a field. */
export const rawFor = (why: Sql, field: string, d: Dialect): Sql =>
  d.regexExtract(why, `${RECORD}${field}${UNIT}[^${UNIT}${RECORD}]*${UNIT}([^${RECORD}]*)`, 1);

export interface TypedFile {
  /** Index into the record's files; `_file` of its rows. */
  index: number;
  /** Table of text cells. */
  raw: Sql;
  columns: readonly FileColumn[];
}

/**
 * Reads a source's cells by type into its `typed` table, file after file: the fields, what is derived from them, and
 *
 *   _file, _row  where the row stands
 *   _bad         ids of fields whose cell could not be read, or for which this file has no column where others do;
 *                NULL where there is none
 *   _why         see above; holds key fields that are blank as well
 *   _repaired    the credit code's cell as it stood, where one confusable character of it was put right
 *
 * Cells written the plain way are read as they pass; the others are looked up in `values`.
 */
export async function typeRows(
  session: Session,
  source: string,
  fields: readonly TypedField[],
  key: readonly string[],
  usccField: string | undefined,
  files: readonly TypedFile[],
  values: ValueTables,
): Promise<void> {
  const d = session.dialect;
  const table = tables.typed(d, source);
  const somewhere = new Set(files.flatMap((f) => f.columns.map((c) => c.f.id)));
  const [first, ...others] = files;
  const selectOf = (file: TypedFile | undefined) => select(d, fields, key, usccField, somewhere, file, values);
  // A source that was not delivered still has its columns.
  await session.run(`CREATE TABLE ${table} AS ${selectOf(first)}${first ? '' : ' WHERE FALSE'}`);
  for (const file of others) await session.run(`INSERT INTO ${table} ${selectOf(file)}`);
}

/** How one column is read: its value, what is derived from it, and what is wrong with it, over `r` and the lookups. */
interface Reading {
  c: FileColumn;
  value: Sql;
  derived: Record<string, Sql>;
  /** Undefined where nothing can be wrong. */
  fault?: { bad: Sql; reason: Sql };
  repaired?: Sql;
  join?: Sql;
}

function reading(c: FileColumn, i: number, values: ValueTables, d: Dialect): Reading {
  const { type } = c.f;
  const cell = `r.${c.cell}`;
  const derivedOf = (of: (suffix: string) => Sql) =>
    Object.fromEntries(Object.keys(type.derived?.columns ?? {}).map((suffix) => [suffix, of(suffix)]));
  if (c.state === 'empty') {
    return {
      c,
      value: nullOf(type.sqlType, d),
      derived: derivedOf((suffix) => nullOf(type.derived!.columns[suffix]!.sqlType, d)),
    };
  }
  const plain = c.plain && {
    value: d.cast(c.plain.value(cell, d), type.sqlType),
    derived: derivedOf((suffix) => c.plain!.derived![suffix]!(cell, d)),
  };
  if (c.state === 'plain') return { c, ...plain! };
  const w = `w${i}`;
  // What is not found there is written the plain way, or is NULL.
  const chosen = (short: Sql | undefined, long: Sql) =>
    short === undefined ? long : `CASE WHEN ${w}.raw IS NULL THEN ${short} ELSE ${long} END`;
  return {
    c,
    value: chosen(plain?.value, `${w}.value`),
    derived: derivedOf((suffix) => chosen(plain?.derived[suffix], `${w}.${d.ident(suffix)}`)),
    fault: { bad: `${w}.bad`, reason: `${w}.reason` },
    repaired: `CASE WHEN ${w}.repaired THEN ${cell} END`,
    join: `LEFT JOIN ${values.tableOf(c)} AS ${w} ON ${w}.raw = ${cell}`,
  };
}

function select(
  d: Dialect,
  fields: readonly TypedField[],
  key: readonly string[],
  usccField: string | undefined,
  somewhere: ReadonlySet<string>,
  file: TypedFile | undefined,
  values: ValueTables,
): Sql {
  const readings = (file?.columns ?? []).map((c, i) => reading(c, i, values, d));
  const of = (id: string) => readings.find((x) => x.c.f.id === id);
  const lacking = fields.filter((f) => !of(f.id) && somewhere.has(f.id)).map((f) => f.id);
  const why = readings.flatMap((x) => {
    const cell = `r.${x.c.cell}`;
    const entry = (reason: Sql) =>
      d.concat(d.text(`${RECORD}${x.c.f.id}${UNIT}`), reason, d.text(UNIT), d.translate(cell, RECORD + UNIT, ''));
    const unread = x.fault ? ` WHEN ${x.fault.bad} THEN ${entry(x.fault.reason)}` : '';
    const blank = key.includes(x.c.f.id) ? ` WHEN ${x.value} IS NULL THEN ${entry(d.text('key_blank'))}` : '';
    return unread || blank ? [`CASE${unread}${blank} ELSE '' END`] : [];
  });
  const uscc = usccField === undefined ? undefined : of(usccField);
  const outer = [
    file ? `CAST(${file.index} AS INTEGER) AS _file` : 'CAST(NULL AS INTEGER) AS _file',
    file ? 'r._row' : `${nullOf('int', d)} AS _row`,
    ...fields.flatMap((f) => {
      const x = of(f.id);
      return [
        `${x?.value ?? nullOf(f.type.sqlType, d)} AS ${d.ident(f.id)}`,
        ...derivedColumns(f).map((y) => `${x?.derived[y.suffix] ?? y.none(d)} AS ${d.ident(y.name)}`),
      ];
    }),
    `${badList(d, readings, lacking)} AS _bad`,
    `${why.length > 0 ? `nullif(${d.concat(d.text(''), ...why)}, '')` : nullOf('text', d)} AS _why`,
    `${uscc?.repaired ?? nullOf('text', d)} AS _repaired`,
  ];
  const from = file ? `${file.raw} AS r` : '(SELECT 1 AS one) AS nothing';
  return `SELECT ${outer.join(', ')} FROM ${[from, ...readings.flatMap((x) => x.join ?? [])].join(' ')}`;
}

function badList(d: Dialect, readings: readonly Reading[], lacking: readonly string[]): Sql {
  const bad = readings.flatMap((x) => (x.fault ? [{ id: x.c.f.id, when: x.fault.bad }] : []));
  const always = lacking.map((id) => d.text(id));
  if (bad.length === 0) return always.length > 0 ? d.list(...always) : nullOf('text[]', d);
  const all = d.listMap(d.list(...bad.map((b) => `CASE WHEN ${b.when} THEN ${d.text(b.id)} END`), ...always), (x) => x);
  if (always.length > 0) return all;
  return `CASE WHEN ${bad.map((b) => b.when).join(' OR ')} THEN ${all} END`;
}
