import type { Dialect, Sql, SqlType } from '../engine/dialect.js';
import type { AddressAliases } from './address/aliases.js';
import type { Staged } from './stages.js';

/** What a contract's field may say about itself that its cleaning depends on. */
export interface ValueOptions {
  /** For `money`, `quantity`, `percent`: the unit the column is written in when its header does not say (元, 万元, t, %). */
  unit?: string;
  /** For `code`: accepted text (label or code; tidied here, so any notation will do) → the code's canonical id. */
  codes?: ReadonlyMap<string, string>;
  /** For `date`: which end of a range written in one cell (2023-08-01至2028-07-31) this field is. */
  part?: 'from' | 'to';
  /** For `address`: renamed roads, named buildings and zones of the place that the data is about. */
  aliases?: AddressAliases;
}

/**
 * How one kind of value is read from the text of an extract. All three are SQL expressions; ingest composes them in
 * successive projections, so `prepared` is always a plain column name and may be repeated freely:
 *
 *   prepared := prepare(raw)          tidied text; NULL for blank and for the words that mean "nothing" (无, NULL, - …)
 *   value    := value(prepared)       the typed value, or NULL where it cannot be read
 *   reason   := reason(prepared)      a reason code, consulted only where prepared is not NULL and value is NULL
 */
export interface ValueType {
  readonly id: string;
  readonly sqlType: SqlType;
  prepare(raw: Sql, d: Dialect, o: ValueOptions): Sql;
  value(prepared: Sql, d: Dialect, o: ValueOptions): Sql;
  reason(prepared: Sql, d: Dialect, o: ValueOptions): Sql;
  /**
   * Columns computed once at ingest because comparing needs them again and again. What they are taken from is worked out once
   * for each value, in projections whose columns begin with `prefix`, and may be a structure; the columns themselves are plain,
   * for they travel through every join: a structure of twenty texts would be twenty columns there.
   */
  readonly derived?: {
    stages(value: Sql, prefix: string, d: Dialect, o: ValueOptions): Staged;
    readonly columns: Readonly<Record<string, DerivedColumn>>;
  };
}

export interface DerivedColumn {
  sqlType: SqlType;
  sql(from: Sql, d: Dialect): Sql;
}
