import type { Contract } from '../config/contract.js';
import type { Pack } from '../config/pack.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { linked } from './link.js';
import { FILES, QUARANTINE } from './quarantine.js';
import { derivedColumns, nullOf, tables, typedFields } from './sources.js';

/**
 * `src.quarantined` and `src.linked`: what ingest found out, in the shape of any other source, so that checks can ask.
 * Personal values stay behind; a check has no business with them.
 */
export async function makeBuiltinTables(
  session: Session,
  pack: Pack,
  sources: readonly { contract: Contract; survivors: Sql }[],
): Promise<void> {
  const d = session.dialect;
  const quarantined = `SELECT source, file, ${d.ident('row')}, field, CASE WHEN personal IS NULL THEN raw END AS raw, reason, scope, name, _file, _eid FROM ${QUARANTINE}`;
  await create(session, pack, 'quarantined', quarantined);
  const otherwise = sources.flatMap(({ contract, survivors }) => linkedOtherwise(d, contract, survivors));
  const none = `SELECT ${nullOf('text', d)} AS source, ${nullOf('int', d)} AS ${d.ident('row')}, ${nullOf('text', d)} AS method, ${nullOf('text', d)} AS raw, CAST(NULL AS INTEGER) AS _file, CAST(NULL AS INTEGER) AS _eid WHERE FALSE`;
  const rows = [none, ...otherwise].join(' UNION ALL ');
  await create(
    session,
    pack,
    'linked',
    `SELECT l.source, f.name AS file, l.${d.ident('row')}, l.method, l.raw, l._file, l._eid FROM (${rows}) AS l JOIN ${FILES} AS f ON f._file = l._file`,
  );
}

/** Rows of a source whose credit code did not lead to their enterprise by itself. Only rows without one can be among them. */
function linkedOtherwise(d: Dialect, contract: Contract, survivors: Sql): Sql[] {
  if (!contract.subject) return [];
  const uscc = contract.subject.uscc;
  const candidates = uscc
    ? `(SELECT * FROM ${survivors} AS s WHERE ${d.ident(uscc)} IS NULL OR _repaired IS NOT NULL)`
    : survivors;
  return [
    `SELECT ${d.text(contract.source)} AS source, _row AS ${d.ident('row')}, _match AS method, _via AS raw, _file, _eid
     FROM (${linked(d, contract, candidates)}) AS x WHERE _eid IS NOT NULL AND _match <> 'uscc'`,
  ];
}

async function create(session: Session, pack: Pack, source: string, rows: Sql): Promise<void> {
  const d = session.dialect;
  const contract = pack.contracts.get(source) as Contract;
  const columns = typedFields(contract, pack).flatMap((f) => {
    const value = `b.${d.ident(f.id)}`;
    return [
      `${d.cast(value, f.type.sqlType)} AS ${d.ident(f.id)}`,
      ...derivedColumns(f).map((x) => `${x.sql(value, d)} AS ${d.ident(x.name)}`),
    ];
  });
  await session.run(
    `CREATE TABLE ${tables.source(d, source)} AS SELECT ${columns.join(', ')}, b._file, ${d.cast(`b.${d.ident('row')}`, 'int')} AS _row,
       ${nullOf('text[]', d)} AS _bad, b._eid, ${nullOf('text', d)} AS _match FROM (${rows}) AS b`,
  );
}
