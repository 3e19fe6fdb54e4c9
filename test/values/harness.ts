import type { Dialect, Sql } from '../../src/engine/dialect.js';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { duckdb as d } from '../../src/engine/duckdb/dialect.js';
import type { AddressAliases } from '../../src/values/address/aliases.js';
import { addressStages } from '../../src/values/address/parse.js';
import { type ValueOptions, valueTypes } from '../../src/values/index.js';
import { lifted, projected } from '../../src/values/stages.js';

export interface Read {
  raw: string | null;
  prepared: string | null;
  value: string | null;
  reason: string | null;
}

let engine: Promise<DuckDb> | undefined;

/** One embedded engine for a test file. */
export const db = (): Promise<DuckDb> => {
  engine ??= DuckDb.open({ threads: 2 });
  return engine;
};

type Rows = readonly (readonly (string | null)[])[];

const literal = (x: string | null): Sql => (x === null ? 'CAST(NULL AS VARCHAR)' : d.text(x));

/** A relation of rows given as texts, with columns c0, c1 …, and `i`, their order. */
export const relation = (rows: Rows): Sql =>
  `(SELECT * FROM (VALUES ${rows.map((r, i) => `(${i}, ${r.map(literal).join(', ')})`).join(', ')}) v(i, ${rows[0]!.map((_, k) => `c${k}`).join(', ')}))`;

/** Cells as ingest reads them: in successive projections. Values come back as text, lists joined by |. */
export async function readCells(
  typeId: string,
  raws: readonly (string | null)[],
  o: ValueOptions = {},
): Promise<Read[]> {
  const type = valueTypes[typeId]!;
  const asText = type.sqlType === 'text[]' ? d.listJoin('v', '|') : 'CAST(v AS VARCHAR)';
  const sql = `SELECT c0 AS raw, p AS prepared, ${asText} AS value,
      CASE WHEN p IS NOT NULL AND v IS NULL THEN ${type.reason('p', d, o)} END AS reason
    FROM (SELECT *, ${type.value('p', d, o)} AS v
      FROM (SELECT *, ${type.prepare('c0', d, o)} AS p FROM ${relation(raws.map((r) => [r]))}))
    ORDER BY i`;
  return (await db()).rows<Read>(sql);
}

const shown = async (x: Sql, from: Sql): Promise<(string | null)[]> => {
  const found = await (await db()).rows<{ x: string | null }>(
    `SELECT CAST(${x} AS VARCHAR) AS x FROM ${from} ORDER BY i`,
  );
  return found.map((r) => r.x);
};

/** An expression over rows of texts c0, c1 …, as text. */
export const evaluate = (rows: Rows, fn: (...columns: Sql[]) => Sql): Promise<(string | null)[]> =>
  shown(fn(...rows[0]!.map((_, k) => `c${k}`)), relation(rows));

/** The same of texts c0, said in projections. */
export function evaluateLifted(rows: Rows, fn: (x: Sql, d: Dialect) => Sql): Promise<(string | null)[]> {
  const staged = lifted('c0', fn, 'lifted_', d);
  return shown(staged.result, projected(relation(rows), [staged], d));
}

/** The parts of an address as one expression, for tests that have a few addresses in odd places. */
export const addressParts = (x: Sql, dialect = d, aliases?: AddressAliases): Sql => {
  const { projections, result } = addressStages('"address_x"', 'address_', dialect, aliases);
  return dialect.inSteps(x, 'address_x', projections, result);
};

export { d };
