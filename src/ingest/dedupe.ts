import type { Contract } from '../config/contract.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { type TypedField, tables } from './sources.js';
import type { TypedRows } from './type-rows.js';

/** What became of the rows of keys that stand there more than once. */
export interface Repeats {
  /** Keys with rows of different content. */
  conflictingKeys: number;
  /** Rows that do not stay: those of the `repeated` table. */
  rows: number;
}

/**
 * Decides about rows of one key, into the `repeated` table: `_fate` of each row that does not stay is
 *
 *   exact       says the same as another row of its key: dropped
 *   superseded  says otherwise, but the contract prefers another row: dropped
 *   ambiguous   says otherwise, and the contract prefers none: quarantined, as are the others of its key
 *
 * with `_kept_file`, `_kept_row` where a row of the key stays. Files are numbered oldest first, so "last" is the last
 * row of the newest file, whatever order the files were read in. Only rows of repeated keys are looked at closely.
 * To be asked only where there may be any.
 */
export async function findRepeats(
  session: Session,
  contract: Contract,
  fields: readonly TypedField[],
  typed: TypedRows,
): Promise<Repeats> {
  const d = session.dialect;
  const repeated = tables.repeated(d, contract.source);
  const key = contract.key.map((id) => d.ident(id));
  const readable = key.map((k) => `${k} IS NOT NULL`).join(' AND ');
  const content = d.md5(d.concat(...fields.map((f) => asText(f, d)), `coalesce(_why, '')`));
  const keepNone = contract.duplicates.keep === 'none';
  const last = '_file DESC, _row DESC';
  const preferred =
    contract.duplicates.keep === 'latest' ? `CASE WHEN _by IS NULL THEN 1 ELSE 0 END, _by DESC, ${last}` : last;
  const by = contract.duplicates.keep === 'latest' ? `${d.ident(contract.duplicates.by)} AS _by` : 'NULL AS _by';
  const keys = key.join(', ');
  const all = [...new Set([...fields.map((f) => f.id), '_file', '_row', '_why'])];

  await session.run(`CREATE TABLE ${repeated} AS
    WITH repeated_keys AS (SELECT ${keys} FROM (${typed.select(contract.key)}) AS t WHERE ${readable} GROUP BY ${keys} HAVING count(*) > 1),
    meant AS (
      SELECT t._file, t._row FROM (${typed.select([...contract.key, '_file', '_row'])}) AS t
      JOIN repeated_keys AS k ON ${key.map((k) => `t.${k} = k.${k}`).join(' AND ')}
    ),
    candidates AS (SELECT ${keys}, _file, _row, ${by}, ${content} AS _content FROM (${typed.select(all, 'meant')}) AS t),
    copies AS (SELECT *, row_number() OVER (PARTITION BY ${keys}, _content ORDER BY ${last}) AS _copy FROM candidates),
    versions AS (
      SELECT *,
        row_number() OVER (PARTITION BY ${keys} ORDER BY _copy, ${preferred}) AS _place,
        sum(CASE WHEN _copy = 1 THEN 1 ELSE 0 END) OVER (PARTITION BY ${keys}) AS _versions
      FROM copies
    ),
    winners AS (SELECT ${keys}, _file AS _kept_file, _row AS _kept_row FROM versions WHERE _place = 1 ${keepNone ? 'AND _versions = 1' : ''})
    SELECT * FROM (SELECT v._file, v._row,
      CASE WHEN v._copy > 1 THEN 'exact' ${keepNone ? "WHEN v._versions > 1 THEN 'ambiguous'" : ''} WHEN v._place > 1 THEN 'superseded' ELSE 'kept' END AS _fate,
      v._versions, w._kept_file, w._kept_row, ${d.concat(
        ...separated(
          contract.key.map((id) => keyText(id, fields, d)),
          d,
        ),
      )} AS _key
    FROM versions AS v LEFT JOIN winners AS w ON ${key.map((k) => `v.${k} = w.${k}`).join(' AND ')}) AS fates WHERE _fate <> 'kept'`);

  // Of versions that differ, one at most is kept, so that no such key is missing here.
  const [counts] = await session.rows<{ conflicting: number; rows: number }>(
    `SELECT count(DISTINCT CASE WHEN _versions > 1 THEN _key END) AS conflicting, count(*) AS ${d.ident('rows')} FROM ${repeated}`,
  );
  return { conflictingKeys: Number(counts?.conflicting ?? 0), rows: Number(counts?.rows ?? 0) };
}

/** A value as text for comparing content; NULL and blank must not look alike. */
function asText(f: TypedField, d: Dialect): Sql {
  const column = d.ident(f.id);
  const text = f.type.sqlType === 'text[]' ? d.listJoin(column, '\u001f') : d.cast(column, 'text');
  return `CASE WHEN ${column} IS NULL THEN ${d.text('\u0001')} ELSE ${d.concat(d.text('\u0002'), text)} END`;
}

/** A key as people read it. */
function keyText(id: string, fields: readonly TypedField[], d: Dialect): Sql {
  const column = `v.${d.ident(id)}`;
  const type = fields.find((f) => f.id === id)?.type.sqlType;
  return type === 'text[]' ? d.listJoin(column, ' ') : d.cast(column, 'text');
}

function separated(columns: readonly Sql[], d: Dialect): Sql[] {
  return columns.flatMap((c, i) => (i === 0 ? [c] : [d.text(' | '), c]));
}
