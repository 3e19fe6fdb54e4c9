import type { Contract } from '../config/contract.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { linkOf } from './link.js';
import { type TypedField, tables } from './sources.js';
import { entriesOf, entryParts, rawFor, reasonFor, type TypedRows } from './type-rows.js';

/**
 * meta.quarantine: what was not let in. `scope` 'row': the whole row, with `field` the part of its key that failed, or
 * NULL where the record could not be split into cells or its key stands there with different contents. `scope` 'field':
 * one cell of a row that was loaded. `personal` says how the raw value must be masked before anybody sees it: as the
 * kind of its field, or 'row' for a whole line of a source that has personal data.
 */
export const QUARANTINE = 'meta.quarantine';
/** meta.dropped: rows that another row of the same key made needless, and which row that is. */
export const DROPPED = 'meta.dropped';
/** meta.files: the record's files, for joins. */
export const FILES = 'meta.files';

export async function makeMetaTables(
  session: Session,
  files: readonly { source: string; name: string }[],
): Promise<void> {
  const d = session.dialect;
  const text = d.typeName('text');
  const int = d.typeName('int');
  await session.run(`CREATE TABLE ${FILES} (_file INTEGER, source ${text}, name ${text})`);
  const values = files.map((f, i) => `(${i}, ${d.text(f.source)}, ${d.text(f.name)})`);
  if (values.length > 0) await session.run(`INSERT INTO ${FILES} VALUES ${values.join(', ')}`);
  await session.run(
    `CREATE TABLE ${QUARANTINE} (source ${text}, file ${text}, ${d.ident('row')} ${int}, field ${text}, raw ${text}, reason ${text},
      scope ${text}, name ${text}, personal ${text}, _file INTEGER, _eid INTEGER)`,
  );
  await session.run(
    `CREATE TABLE ${DROPPED} (source ${text}, file ${text}, ${d.ident('row')} ${int}, fate ${text}, kept_file ${text}, kept_row ${int}, _file INTEGER)`,
  );
}

/** Records that the reader could not split into cells. */
export async function quarantineMalformed(
  session: Session,
  contract: Contract,
  file: { index: number; name: string },
  malformed: readonly { row: number; text: string; reason: string }[],
): Promise<void> {
  const d = session.dialect;
  const personal = Object.values(contract.fields).some((f) => f.personal) ? d.text('row') : 'NULL';
  for (let i = 0; i < malformed.length; i += 500) {
    const values = malformed
      .slice(i, i + 500)
      .map(
        (m) =>
          `(${d.text(contract.source)}, ${d.text(file.name)}, ${m.row}, NULL, ${d.text(m.text)}, ${d.text(m.reason)}, 'row', NULL, ${personal}, ${file.index}, NULL)`,
      );
    await session.run(`INSERT INTO ${QUARANTINE} VALUES ${values.join(', ')}`);
  }
}

/** Rows whose key is blank or unreadable. */
export async function quarantineRefused(
  session: Session,
  contract: Contract,
  fields: readonly TypedField[],
  typed: TypedRows,
): Promise<void> {
  const d = session.dialect;
  const key = contract.key;
  const link = linkOf(d, contract, typed);
  const columns = unique(...key, '_why', '_file', '_row', ...link.asks, ...shown(contract, fields));
  const first = (then: (id: string) => Sql) =>
    `CASE ${key.map((id) => `WHEN t.${d.ident(id)} IS NULL THEN ${then(id)}`).join(' ')} END`;
  await insert(session, contract, fields, {
    rows: `(${typed.select(columns)}) AS t ${link.joins}`,
    where: key.map((k) => `t.${d.ident(k)} IS NULL`).join(' OR '),
    eid: link.eid,
    field: first((id) => d.text(id)),
    raw: first((id) => rawFor('t._why', id, d)),
    // A key column that the file lacks leaves no trace in _why.
    reason: `coalesce(${first((id) => reasonFor('t._why', id, d))}, 'key_blank')`,
    scope: 'row',
    personal: first((id) => personalKind(fields, id, d)),
  });
}

/** Rows of one key with different contents, where the contract prefers none of them. */
export async function quarantineAmbiguous(
  session: Session,
  contract: Contract,
  fields: readonly TypedField[],
  typed: TypedRows,
): Promise<void> {
  const d = session.dialect;
  const ambiguous = `(SELECT _file, _row, _key FROM ${tables.repeated(d, contract.source)} WHERE _fate = 'ambiguous')`;
  const link = linkOf(d, contract, typed);
  const columns = unique('_file', '_row', ...link.asks, ...shown(contract, fields));
  const personalKey = fields.find((f) => contract.key.includes(f.id) && f.field.personal)?.field.personal;
  await insert(session, contract, fields, {
    rows: `(${typed.select(columns, ambiguous)}) AS t JOIN ${ambiguous} AS a ON a._file = t._file AND a._row = t._row ${link.joins}`,
    eid: link.eid,
    field: 'NULL',
    raw: 'a._key',
    reason: d.text('ambiguous_key'),
    scope: 'row',
    personal: personalKey ? d.text(personalKey) : 'NULL',
  });
}

/** Cells of loaded rows that could not be read. */
export async function quarantineFields(
  session: Session,
  contract: Contract,
  fields: readonly TypedField[],
  typed: TypedRows,
): Promise<void> {
  const d = session.dialect;
  const stored = tables.source(d, contract.source);
  const faulty = `(SELECT _file, _row FROM ${stored} WHERE _bad IS NOT NULL)`;
  const names = shown(contract, fields);
  const entry = entryParts('t.entry', d);
  const kinds = fields.flatMap(({ id, field }) =>
    field.personal ? [`WHEN ${d.text(id)} THEN ${d.text(field.personal)}`] : [],
  );
  await insert(session, contract, fields, {
    rows: `(SELECT ${names.map((name) => `w.${d.ident(name)}, `).join('')}s._file, s._row, s._eid, ${d.unnest(entriesOf('w._why', d))} AS entry
      FROM (${typed.select(unique('_file', '_row', '_why', ...names), faulty)}) AS w JOIN ${stored} AS s ON s._file = w._file AND s._row = w._row
      WHERE w._why IS NOT NULL) AS t`,
    where: `t.entry <> ''`,
    eid: 't._eid',
    field: entry.field,
    raw: entry.raw,
    reason: entry.reason,
    scope: 'field',
    personal: kinds.length > 0 ? `CASE ${entry.field} ${kinds.join(' ')} END` : 'NULL',
  });
}

interface Entry {
  /** What stands behind FROM, with the rows as `t`. */
  rows: Sql;
  where?: Sql;
  eid: Sql;
  field: Sql;
  raw: Sql;
  reason: Sql;
  scope: 'row' | 'field';
  personal: Sql;
}

async function insert(session: Session, contract: Contract, fields: readonly TypedField[], e: Entry): Promise<void> {
  const d = session.dialect;
  const [name] = shown(contract, fields);
  await session.run(
    `INSERT INTO ${QUARANTINE} SELECT ${d.text(contract.source)}, f.name, t._row, ${e.field}, ${e.raw}, ${e.reason}, ${d.text(e.scope)},
      ${name ? `t.${d.ident(name)}` : 'NULL'}, ${e.personal}, t._file, ${e.eid}
    FROM ${e.rows} JOIN ${FILES} AS f ON f._file = t._file${e.where ? ` WHERE ${e.where}` : ''}`,
  );
}

const unique = (...names: string[]): string[] => [...new Set(names)];

/** The field that says in words whose row it is, if there is one. */
function shown(contract: Contract, fields: readonly TypedField[]): string[] {
  const name =
    contract.subject?.name ?? (contract.subject ? fields.find((f) => f.field.type === 'name')?.id : undefined);
  return name ? [name] : [];
}

function personalKind(fields: readonly TypedField[], id: string, d: Dialect): Sql {
  const kind = fields.find((f) => f.id === id)?.field.personal;
  return kind ? d.text(kind) : 'NULL';
}
