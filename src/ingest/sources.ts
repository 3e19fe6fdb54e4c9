import type { Contract, Field } from '../config/contract.js';
import type { Pack } from '../config/pack.js';
import type { Dialect, Sql, SqlType } from '../engine/dialect.js';
import { type ValueOptions, type ValueType, valueTypes } from '../values/index.js';

/** Where a source's rows are at each stage. */
export const tables = {
  /** Cells as text, one table per file. */
  raw: (d: Dialect, schema: Sql, file: number): Sql => `${schema}.${d.ident(`file_${file}`)}`,
  /** Typed rows of all files of a source as the cache keeps them, before duplicates are dropped and rows are linked. */
  typed: (d: Dialect, source: string): Sql => `stage.${d.ident(`typed_${source}`)}`,
  /** The same of a source with so few rows that they are stored to be asked for again. */
  few: (d: Dialect, source: string): Sql => `stage.${d.ident(`few_${source}`)}`,
  /** Rows of a key that stands there more than once, and what becomes of each. */
  repeated: (d: Dialect, source: string): Sql => `stage.${d.ident(`repeated_${source}`)}`,
  /** What checks read. */
  source: (d: Dialect, source: string): Sql => `src.${d.ident(source)}`,
};

/** A field with what is needed to read it. */
export interface TypedField {
  id: string;
  field: Field;
  type: ValueType;
  options: ValueOptions;
}

/** The fields of a contract in its order. `aliases` are the place's own road and zone names, for addresses. */
export function typedFields(contract: Contract, pack: Pack, aliases?: ValueOptions['aliases']): TypedField[] {
  return Object.entries(contract.fields).map(([id, field]) => {
    const type = valueTypes[field.type];
    if (!type) throw new Error(`no value type '${field.type}'`);
    const options: ValueOptions = {};
    if (field.unit) options.unit = field.unit;
    if (field.part) options.part = field.part;
    if (field.type === 'address' && aliases) options.aliases = aliases;
    const list = field.codes ? pack.codes.get(field.codes) : undefined;
    if (list) {
      options.codes = new Map(
        Object.entries(list.entries).flatMap(([code, e]) => [code, e.zh, e.en, ...e.labels].map((w) => [w, code])),
      );
    }
    return { id, field, type, options };
  });
}

/** Columns computed from a field's value, as `<field>__<suffix>`; `from` is what they are computed from. */
export function derivedColumns(
  f: TypedField,
): { name: string; suffix: string; sql(from: Sql, d: Dialect): Sql; none(d: Dialect): Sql }[] {
  return Object.entries(f.type.derived?.columns ?? {}).map(([suffix, column]) => ({
    name: `${f.id}__${suffix}`,
    suffix,
    sql: column.sql,
    none: (d) => nullOf(column.sqlType, d),
  }));
}

export const nullOf = (type: SqlType, d: Dialect): Sql => d.cast('NULL', type);
