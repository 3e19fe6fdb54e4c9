import type { Contract } from '../../config/contract.js';
import type { Dialect, Sql } from '../../engine/dialect.js';
import { tables } from '../sources.js';
import type { Portion } from '../type-rows.js';
import type { Loading } from './loading.js';

/** Of typed rows `t`, those whose key could be read. */
export const keyReadable = (contract: Contract, d: Dialect): Sql =>
  contract.key.map((k) => `t.${d.ident(k)} IS NOT NULL`).join(' AND ');

/** Of typed rows `t`, those that are let in; undefined where all are. */
export function letIn(l: Loading, d: Dialect): Sql {
  const readable = l.contract.key.every((k) => l.typed!.full.has(k)) ? [] : [keyReadable(l.contract, d)];
  const unique =
    l.repeats > 0
      ? [
          `NOT EXISTS (SELECT 1 FROM ${tables.repeated(d, l.contract.source)} AS r WHERE r._file = t._file AND r._row = t._row)`,
        ]
      : [];
  const all = [...readable, ...unique];
  return all.length > 0 ? ` WHERE ${all.join(' AND ')}` : '';
}

/** Columns of the typed rows that are let in, for those who need none of the others. */
export const survivors = (l: Loading, columns: readonly string[], d: Dialect): Sql =>
  `(SELECT ${columns.map((c) => d.ident(c)).join(', ')} FROM (${asking(l, columns)}) AS t${letIn(l, d)}) AS survivors`;

/** SELECT of typed rows with these columns, and those by which rows are let in. */
export const asking = (l: Loading, columns: readonly string[], portion?: Portion): Sql =>
  l.typed!.select([...new Set([...columns, ...l.contract.key, '_file', '_row'])], portion);
