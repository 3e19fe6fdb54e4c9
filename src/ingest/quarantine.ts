import type { Contract } from '../config/contract.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { linked } from './link.js';
import { type TypedField, tables } from './sources.js';
import { rawFor, reasonFor } from './type-rows.js';

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
): Promise<void> {
  const d = session.dialect;
  const typed = tables.typed(d, contract.source);
  const key = contract.key;
  const refused = `(SELECT * FROM ${typed} WHERE ${key.map((k) => `${d.ident(k)} IS NULL`).join(' OR ')})`;
  const first = (then: (id: string) => Sql) =>
    `CASE ${key.map((id) => `WHEN t.${d.ident(id)} IS NULL THEN ${then(id)}`).join(' ')} END`;
  await insert(session, contract, fields, `(${linked(d, contract, refused)})`, {
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
): Promise<void> {
  const d = session.dialect;
  const typed = tables.typed(d, contract.source);
  const rows = `(SELECT typed.*, repeated._key FROM ${typed} AS typed JOIN ${tables.repeated(d, contract.source)} AS repeated
    ON typed._file = repeated._file AND typed._row = repeated._row WHERE repeated._fate = 'ambiguous')`;
  const personalKey = fields.find((f) => contract.key.includes(f.id) && f.field.personal)?.field.personal;
  await insert(session, contract, fields, `(${linked(d, contract, rows)})`, {
    field: 'NULL',
    raw: 't._key',
    reason: d.text('ambiguous_key'),
    scope: 'row',
    personal: personalKey ? d.text(personalKey) : 'NULL',
  });
}

/** Cells of loaded rows that could not be read. `rows` is the loaded ones of the typed table that have any, linked. */
export async function quarantineFields(
  session: Session,
  contract: Contract,
  fields: readonly TypedField[],
  rows: Sql,
): Promise<void> {
  const d = session.dialect;
  const counts = fields.map((f, i) => `count(${reasonFor('_why', f.id, d)}) AS n${i}`);
  const [found] = await session.rows<Record<string, number>>(`SELECT ${counts.join(', ')} FROM ${rows}`);
  for (const [i, { id }] of fields.entries()) {
    if (Number(found?.[`n${i}`] ?? 0) === 0) continue;
    const reason = reasonFor('t._why', id, d);
    await insert(
      session,
      contract,
      fields,
      `(SELECT * FROM ${rows} AS rows_with_faults WHERE ${reasonFor('_why', id, d)} IS NOT NULL)`,
      {
        field: d.text(id),
        raw: rawFor('t._why', id, d),
        reason,
        scope: 'field',
        personal: personalKind(fields, id, d),
      },
    );
  }
}

interface Entry {
  field: Sql;
  raw: Sql;
  reason: Sql;
  scope: 'row' | 'field';
  personal: Sql;
}

async function insert(
  session: Session,
  contract: Contract,
  fields: readonly TypedField[],
  rows: Sql,
  e: Entry,
): Promise<void> {
  const d = session.dialect;
  const name = nameField(contract, fields);
  await session.run(
    `INSERT INTO ${QUARANTINE} SELECT ${d.text(contract.source)}, f.name, t._row, ${e.field}, ${e.raw}, ${e.reason}, ${d.text(e.scope)},
      ${name ? `t.${d.ident(name)}` : 'NULL'}, ${e.personal}, t._file, t._eid
    FROM ${rows} AS t JOIN ${FILES} AS f ON f._file = t._file`,
  );
}

/** The field that says in words whose row it is. */
function nameField(contract: Contract, fields: readonly TypedField[]): string | undefined {
  return contract.subject?.name ?? (contract.subject ? fields.find((f) => f.field.type === 'name')?.id : undefined);
}

function personalKind(fields: readonly TypedField[], id: string, d: Dialect): Sql {
  const kind = fields.find((f) => f.id === id)?.field.personal;
  return kind ? d.text(kind) : 'NULL';
}
