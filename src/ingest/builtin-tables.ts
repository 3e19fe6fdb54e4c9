import type { Contract } from '../config/contract.js';
import type { Pack } from '../config/pack.js';
import type { Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { projected } from '../values/stages.js';
import { LINKED } from './link.js';
import { FILES, QUARANTINE } from './quarantine.js';
import { derivedColumns, nullOf, tables, typedFields } from './sources.js';

/**
 * `src.quarantined` and `src.linked`: what ingest found out, in the shape of any other source, so that checks can ask.
 * Personal values stay behind; a check has no business with them.
 */
export async function makeBuiltinTables(session: Session, pack: Pack): Promise<void> {
  const row = session.dialect.ident('row');
  await create(
    session,
    pack,
    'quarantined',
    `SELECT source, file, ${row}, field, CASE WHEN personal IS NULL THEN raw END AS raw, reason, scope, name, _file, _eid FROM ${QUARANTINE}`,
  );
  await create(
    session,
    pack,
    'linked',
    `SELECT l.source, f.name AS file, l.${row}, l.method, l.raw, l._file, l._eid FROM ${LINKED} AS l JOIN ${FILES} AS f ON f._file = l._file`,
  );
}

async function create(session: Session, pack: Pack, source: string, rows: Sql): Promise<void> {
  const d = session.dialect;
  const contract = pack.contracts.get(source) as Contract;
  const fields = typedFields(contract, pack).map((f) => {
    const value = d.ident(f.id);
    return { f, value, staged: f.type.derived?.stages(value, `${f.id}__`, d, f.options) };
  });
  const columns = fields.flatMap(({ f, value, staged }) => [
    `${d.cast(value, f.type.sqlType)} AS ${d.ident(f.id)}`,
    ...derivedColumns(f).map((x) => `${x.sql(staged?.result ?? value, d)} AS ${d.ident(x.name)}`),
  ]);
  const staged = fields.flatMap((x) => x.staged ?? []);
  await session.run(
    `CREATE TABLE ${tables.source(d, source)} AS SELECT ${columns.join(', ')}, _file, ${d.cast(d.ident('row'), 'int')} AS _row,
       ${nullOf('text[]', d)} AS _bad, _eid, ${nullOf('text', d)} AS _match FROM ${projected(`(${rows}) AS b`, staged, d)}`,
  );
}
