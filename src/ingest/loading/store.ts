import type { Sql } from '../../engine/dialect.js';
import type { Session } from '../../engine/engine.js';
import { linkOf } from '../link.js';
import {
  DROPPED,
  FILES,
  quarantineAmbiguous,
  quarantineFields,
  quarantineMalformed,
  quarantineRefused,
} from '../quarantine.js';
import { tables } from '../sources.js';
import type { Portion } from '../type-rows.js';
import { asking, letIn, survivors } from './let-in.js';
import { isCodeStored, type LoadedRows, type Loading, storedColumns } from './loading.js';

/** The library gives enterprises their numbers: 1, 2, 3 … in the order of their credit codes. */
export async function storeEnterprises(session: Session, l: Loading): Promise<void> {
  const d = session.dialect;
  const uscc = d.ident('uscc');
  const own = storedColumns(l);
  const repaired = l.typed!.repaired ? ['_repaired'] : [];
  // Numbered apart from their data, so that only codes are sorted.
  await session.run(
    `CREATE TABLE stage.numbers AS
     SELECT ${uscc}, CAST(row_number() OVER (ORDER BY ${uscc}) AS INTEGER) AS _eid FROM ${survivors(l, ['uscc'], d)}`,
  );
  await storeIn(
    session,
    l,
    (portion) =>
      `SELECT ${own.map((c) => `t.${d.ident(c)}`).join(', ')}, n._eid, ${l.typed!.repaired ? `CASE WHEN t._repaired IS NULL THEN 'uscc' ELSE 'repaired' END` : `'uscc'`} AS _match
       FROM (${asking(l, [...own, ...repaired], portion)}) AS t JOIN stage.numbers AS n ON n.${uscc} = t.${uscc}${letIn(l, d)}`,
  );
}

/** Every other source: its rows with the enterprise each is about. */
export async function storeSource(session: Session, l: Loading): Promise<void> {
  const d = session.dialect;
  const own = storedColumns(l);
  const link = linkOf(d, l.contract, l.typed!);
  await storeIn(
    session,
    l,
    (portion) =>
      `SELECT ${own.map((c) => `t.${d.ident(c)}`).join(', ')}, ${link.eid} AS _eid, ${link.match} AS _match
       FROM (${asking(l, [...own, ...link.asks], portion)}) AS t ${link.joins}${letIn(l, d)}`,
  );
}

/** Makes `src.<source>` of what `select` says, a portion after the other where there are any. */
async function storeIn(session: Session, l: Loading, select: (portion?: Portion) => Sql): Promise<void> {
  const table = tables.source(session.dialect, l.contract.source);
  const [first, ...others] = l.typed!.portions ?? [undefined];
  await session.run(`CREATE TABLE ${table} AS ${select(first)}`);
  for (const portion of others) await session.run(`INSERT INTO ${table} ${select(portion)}`);
}

export async function loadedRows(session: Session, l: Loading): Promise<LoadedRows[]> {
  const d = session.dialect;
  const { contract } = l;
  const uscc = contract.subject?.uscc;
  const coded = uscc === undefined ? '0' : isCodeStored(l) ? `count(${d.ident(uscc)})` : 'count(*)';
  const rows = await session.rows<LoadedRows>(
    `SELECT _file AS file, _match AS method, count(*) AS n, ${coded} AS coded, count(_bad) AS faulty
     FROM ${tables.source(d, contract.source)} GROUP BY _file, _match`,
  );
  return rows.map((r) => ({
    method: r.method,
    file: Number(r.file),
    n: Number(r.n),
    coded: Number(r.coded),
    faulty: Number(r.faulty),
  }));
}

/** Tells of the rows and fields that were refused, and of rows that another one stands for. */
export async function quarantineRows(session: Session, l: Loading): Promise<void> {
  const d = session.dialect;
  const { contract, fields } = l;
  for (const f of l.files) await quarantineMalformed(session, contract, f.input, f.raw.malformed);
  const read = l.files.reduce((sum, f) => sum + f.raw.counts.data - f.raw.malformed.length, 0);
  const sumOf = (of: (x: LoadedRows) => number) => l.loaded.reduce((sum, x) => sum + of(x), 0);
  if (read > sumOf((x) => x.n) + l.repeats) await quarantineRefused(session, contract, fields, l.typed!);
  if (l.faults && sumOf((x) => x.faulty) > 0) await quarantineFields(session, contract, fields, l.typed!);
  if (l.repeats === 0) return;
  if (contract.duplicates.keep === 'none') await quarantineAmbiguous(session, contract, fields, l.typed!);
  await session.run(
    `INSERT INTO ${DROPPED} SELECT ${d.text(contract.source)}, f.name, r._row, r._fate, k.name, r._kept_row, r._file
     FROM ${tables.repeated(d, contract.source)} AS r JOIN ${FILES} AS f ON f._file = r._file LEFT JOIN ${FILES} AS k ON k._file = r._kept_file
     WHERE r._fate <> 'ambiguous'`,
  );
}
