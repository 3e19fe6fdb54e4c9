import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { repairUscc } from '../values/index.js';
import type { MappedColumn } from './map-headers.js';
import { derivedColumns, nullOf, type TypedField, tables } from './sources.js';

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
  mapped: readonly MappedColumn[];
}

/**
 * Reads a source's cells by type into its `typed` table, file after file: the fields, what is derived from them, and
 *
 *   _file, _row  where the row stands
 *   _bad         ids of fields whose cell could not be read, or for which this file has no column where others do;
 *                NULL where there is none
 *   _why         see above; holds key fields that are blank as well
 *   _repaired    the credit code's cell as it stood, where one confusable character of it was put right
 */
export async function typeRows(
  session: Session,
  source: string,
  fields: readonly TypedField[],
  key: readonly string[],
  usccField: string | undefined,
  files: readonly TypedFile[],
): Promise<void> {
  const d = session.dialect;
  const table = tables.typed(d, source);
  const somewhere = new Set(files.flatMap((f) => f.mapped.map((m) => m.field)));
  const [first, ...others] = files;
  // A source that was not delivered still has its columns.
  const nothing = first ? '' : ' WHERE FALSE';
  await session.run(`CREATE TABLE ${table} AS ${select(d, fields, key, usccField, somewhere, first)}${nothing}`);
  for (const file of others) {
    await session.run(`INSERT INTO ${table} ${select(d, fields, key, usccField, somewhere, file)}`);
  }
}

/**
 * Projections one above the other, so that each expression is computed once and the next can name it: the cell tidied
 * (p), its value (v), what comparing needs of it (d), and what follows from them.
 */
function select(
  d: Dialect,
  fields: readonly TypedField[],
  key: readonly string[],
  usccField: string | undefined,
  somewhere: ReadonlySet<string>,
  file: TypedFile | undefined,
): Sql {
  const columns = fields.map((f, i) => {
    const mapped = file?.mapped.find((m) => m.field === f.id);
    const options = { ...f.options };
    if (mapped?.unit) options.unit = mapped.unit;
    // A range is looked for only where both of its ends are read from one column; a column of its own holds plain dates.
    const shared = file?.mapped.some((m) => m.field !== f.id && m.column === mapped?.column);
    if (!shared) options.part = undefined;
    return { f, raw: `r${i}`, prepared: `p${i}`, value: `v${i}`, from: `d${i}`, mapped, options };
  });
  const read = columns.filter((c) => c.mapped);

  const cells = read.map((c) => `c${c.mapped?.column} AS ${c.raw}`);
  const prepared = read.map((c) => `${c.f.type.prepare(c.raw, d, c.options)} AS ${c.prepared}`);
  const values = read.map((c) => `${readValue(c.f, c.prepared, d, c.options)} AS ${c.value}`);

  const derived = read.flatMap((c) =>
    c.f.type.derived ? [`${c.f.type.derived.from(c.value, d, c.options)} AS ${c.from}`] : [],
  );

  const bad = read.map((c) => ({ id: c.f.id, when: `(${c.prepared} IS NOT NULL AND ${c.value} IS NULL)` }));
  const lacking = columns.filter((c) => !c.mapped && somewhere.has(c.f.id)).map((c) => c.f.id);
  const why = read.flatMap((c) => {
    const entry = (reason: Sql) =>
      d.concat(d.text(`${RECORD}${c.f.id}${UNIT}`), reason, d.text(UNIT), d.translate(c.raw, RECORD + UNIT, ''));
    const blank = key.includes(c.f.id) ? ` WHEN ${c.prepared} IS NULL THEN ${entry(d.text('key_blank'))}` : '';
    return `CASE WHEN ${c.value} IS NOT NULL THEN ''${blank} WHEN ${c.prepared} IS NOT NULL THEN ${entry(c.f.type.reason(c.prepared, d, c.options))} ELSE '' END`;
  });
  const uscc = read.find((c) => c.f.id === usccField);

  const outer = [
    file ? `CAST(${file.index} AS INTEGER) AS _file` : 'CAST(NULL AS INTEGER) AS _file',
    file ? '_row' : `${nullOf('int', d)} AS _row`,
    ...columns.flatMap((c) => {
      const value = c.mapped ? c.value : nullOf(c.f.type.sqlType, d);
      return [
        `${value} AS ${d.ident(c.f.id)}`,
        ...derivedColumns(c.f).map((x) => `${c.mapped ? x.sql(c.from, d) : x.none(d)} AS ${d.ident(x.name)}`),
      ];
    }),
    `${badList(d, bad, lacking)} AS _bad`,
    `${why.length > 0 ? `nullif(${d.concat(d.text(''), ...why)}, '')` : nullOf('text', d)} AS _why`,
    `${uscc ? `CASE WHEN ${uscc.value} <> ${uscc.prepared} THEN ${uscc.raw} END` : nullOf('text', d)} AS _repaired`,
  ];
  const from = file
    ? `(SELECT *${list(derived)} FROM (SELECT *${list(values)} FROM (SELECT *${list(prepared)} FROM (SELECT _row${list(cells)} FROM ${file.raw}) AS cells) AS tidied) AS valued) AS typed`
    : '(SELECT 1 AS one) AS nothing';
  return `SELECT ${outer.join(', ')} FROM ${from}`;
}

const list = (items: readonly Sql[]): Sql => items.map((x) => `, ${x}`).join('');

/** A credit code that fails its check but can be put right in one way only is put right; the cell is kept in `_repaired`. */
function readValue(f: TypedField, prepared: Sql, d: Dialect, options: TypedField['options']): Sql {
  const value = f.type.value(prepared, d, options);
  // The cast is for the column's sake: it must not depend on how an expression happens to compute.
  return d.cast(f.field.type === 'uscc' ? `coalesce(${value}, ${repairUscc(prepared, d)})` : value, f.type.sqlType);
}

function badList(d: Dialect, bad: readonly { id: string; when: Sql }[], lacking: readonly string[]): Sql {
  const always = lacking.map((id) => d.text(id));
  const items = [...bad.map((b) => `CASE WHEN ${b.when} THEN ${d.text(b.id)} END`), ...always];
  if (items.length === 0) return nullOf('text[]', d);
  const all = d.listMap(d.list(...items), (x) => x);
  if (always.length > 0) return all;
  return `CASE WHEN ${bad.map((b) => b.when).join(' OR ')} THEN ${all} END`;
}
