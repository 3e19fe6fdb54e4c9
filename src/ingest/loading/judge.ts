import type { Contract } from '../../config/contract.js';
import type { Sql } from '../../engine/dialect.js';
import type { Session } from '../../engine/engine.js';
import type { Problem } from '../../errors.js';
import type { Key } from '../cache/ingest-cache.js';
import { findRepeats } from '../dedupe.js';
import { title } from '../find-files.js';
import { rowsAtOnce } from '../memory.js';
import { tables } from '../sources.js';
import { storedRows, type TypedRows, typedRows } from '../type-rows.js';
import type { ValueTables } from '../value-tables.js';
import { keyReadable } from './let-in.js';
import { baseOf, dataRows, dropLarge, FEW_ROWS, type Loading, typedColumns } from './loading.js';
import type { LoadOptions } from './options.js';

/** What there is to do about the rows of a source: mostly, there is nothing. */
export async function judge(
  session: Session,
  l: Loading,
  values: ValueTables,
  o: LoadOptions,
  problems: Problem[],
): Promise<void> {
  const { contract, fields } = l;
  const d = session.dialect;
  if (l.kept) {
    await o.cache?.show(session, l.kept, contract, fields, baseOf(l));
    l.typed = storedRows(tables.typed(d, contract.source), d);
    l.conflictingKeys = l.kept.conflictingKeys;
    l.repeats = l.kept.tables.repeated ? await countOf(session, tables.repeated(d, contract.source)) : 0;
    l.faults = l.kept.faults;
    o.progress?.({ stage: 'typed', source: contract.source, rows: dataRows(l) });
    return;
  }
  const files = l.files.map((f) => ({
    index: f.input.index,
    raw: f.raw.table,
    rows: f.raw.counts.data,
    columns: f.columns,
  }));
  const typed = typedRows(d, contract, fields, files, values, rowsAtOnce(o.memory));
  l.typed = typed;
  if (dataRows(l) > 0) {
    l.faults = typed.faulty || !contract.key.every((k) => typed.full.has(k));
    if (contract.required && !(await isReadable(session, contract, typed))) problems.push(allRefused(l));
    if (await mayRepeat(session, l, typed)) {
      if (dataRows(l) <= FEW_ROWS) await layDown(session, l);
      const repeats = await findRepeats(session, contract, fields, l.typed);
      l.conflictingKeys = repeats.conflictingKeys;
      l.repeats = repeats.rows;
    }
  }
  o.progress?.({ stage: 'typed', source: contract.source, rows: dataRows(l) });
  if (!l.key || problems.length > 0) return;
  await keep(session, l, l.key, o);
}

/** Stores the typed rows: to look things up takes longer to prepare than to do for few rows, and they are asked for again. */
async function layDown(session: Session, l: Loading): Promise<void> {
  const d = session.dialect;
  const table = tables.few(d, l.contract.source);
  await session.run(`CREATE TABLE ${table} AS ${l.typed!.select([...typedColumns(l), '_why', '_repaired'])}`);
  l.typed = { ...l.typed!, select: storedRows(table, d).select };
}

/** Keeps a source for later runs. It is written once for that, and read again from there, as later runs will. */
async function keep(session: Session, l: Loading, key: Key, o: LoadOptions): Promise<void> {
  const { contract, fields, conflictingKeys, faults } = l;
  const made = { contract, fields, base: baseOf(l), files: l.files.map((f) => f.raw), conflictingKeys, faults };
  const d = session.dialect;
  const entry = await o.cache?.keep(session, key, { ...made, typed: l.typed!, repeats: l.repeats > 0 });
  if (!entry) return;
  await o.cache?.show(session, entry, contract, fields, baseOf(l));
  l.typed = { ...l.typed!, select: storedRows(tables.typed(d, contract.source), d).select };
  await dropLarge(session, l);
}

/** Whether any row has a key. */
async function isReadable(session: Session, contract: Contract, typed: TypedRows): Promise<boolean> {
  if (contract.key.every((k) => typed.full.has(k))) return true;
  const d = session.dialect;
  const rows = `(${typed.select(contract.key)}) AS t WHERE ${keyReadable(contract, d)}`;
  return (await session.rows(`SELECT 1 AS one FROM ${rows} LIMIT 1`)).length > 0;
}

/** Of so many rows it is faster to sort numbers and look at neighbours than to keep a table of all of them, and takes less memory. */
const SORTED_ROWS = 1_000_000;

/** Whether any key stands there more than once: true as well where two keys happen to have one number. */
async function mayRepeat(session: Session, l: Loading, typed: TypedRows): Promise<boolean> {
  const d = session.dialect;
  const { contract } = l;
  const key = d.hash(...contract.key.map((k) => d.ident(k)));
  const numbers = `SELECT ${key} AS n FROM (${typed.select(contract.key)}) AS t WHERE ${keyReadable(contract, d)}`;
  const sorted = `SELECT n, lag(n) OVER (ORDER BY n) AS before FROM (${numbers}) AS numbers`;
  const repeated =
    dataRows(l) > SORTED_ROWS
      ? `SELECT 1 AS one FROM (${sorted}) AS sorted WHERE n = before LIMIT 1`
      : `SELECT 1 AS one FROM (${numbers}) AS numbers GROUP BY n HAVING count(*) > 1 LIMIT 1`;
  return (await session.rows(repeated)).length > 0;
}

async function countOf(session: Session, table: Sql): Promise<number> {
  const [found] = await session.rows<{ n: number }>(`SELECT count(*) AS n FROM ${table}`);
  return Number(found?.n ?? 0);
}

/** A required source of which nothing could be loaded is as good as missing. */
function allRefused(l: Loading): Problem {
  const keys = l.contract.key.map((k) => `${l.contract.fields[k]?.title.zh} (${k})`).join(', ');
  return {
    what: `no row of the required source ${title(l.contract)} has a key that can be read: ${keys}`,
    where: { file: l.files.map((f) => f.input.name).join(', ') },
    why: `all ${dataRows(l)} rows were refused`,
    fix: 'look at that column in the file; a spreadsheet may have turned its codes into numbers (9.13E+17)',
  };
}
