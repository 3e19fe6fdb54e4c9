import type { Expr, Relation, Type } from '../checks/ir.js';
import type { Dialect, Sql, SqlType } from '../engine/dialect.js';
import type { AddressDepth } from '../values/index.js';
import type { RunFacts } from './facts.js';
import { functionSql } from './function-sql.js';

/** How names become SQL at one place of the plan. */
export interface Place {
  d: Dialect;
  facts: RunFacts;
  /** A field's column, or its stored parts where `derived` names them. */
  field(relation: Relation, field: string, derived?: string): Sql;
  result(relation: Relation, name: string, type: Type): Sql;
  exists(relation: Relation): Sql;
  has(relation: Relation, field: string): Sql;
  /** Where the relation's row (of a group: its first) came from: file and row in one number. */
  at(relation: Relation): Sql;
  /** How many rows a group has; undefined for a single row. */
  rows(relation: Relation): Sql | undefined;
  /** Aggregates, where rows are summed up. */
  aggregate?(e: Extract<Expr, { op: 'call' }>): Sql | undefined;
  /** Where addresses are compared for all rows at once: how two, packed as they are stored, relate when looked at so deeply. */
  related?(a: Sql, b: Sql, depth: AddressDepth): Sql;
  /** Where larger parts of an expression get a name, so that they are written once. */
  part?(sql: Sql): Sql;
}

/** Name of a field's column; what ingest derived from it stands beside it. */
export const columnName = (field: string, derived?: string): string => (derived ? `${field}__${derived}` : field);

export const sqlTypeOf = (t: Type): SqlType => {
  switch (t.base) {
    case 'number':
      return 'decimal';
    case 'list':
      return 'text[]';
    default:
      return t.base;
  }
};

export const unknown = (d: Dialect, t: Type): Sql => d.cast('NULL', sqlTypeOf(t));

/** A typed expression as SQL. Three-valued throughout: what is unknown is NULL. */
export function render(e: Expr, p: Place): Sql {
  const { d } = p;
  switch (e.op) {
    case 'literal':
      if (Array.isArray(e.value)) return d.textList(e.value);
      return typeof e.value === 'string' ? d.text(e.value) : String(e.value).toUpperCase();
    case 'as_of':
      return d.date(p.facts.asOf);
    case 'param':
      return literal(p.facts.params.get(e.name), e.type, d);
    case 'field':
      return p.field(e.relation, e.field);
    case 'result':
      return p.result(e.relation, e.name, e.type);
    case 'exists':
      return p.exists(e.relation);
    case 'has':
      return p.has(e.relation, e.field);
    case 'broken':
      throw new Error('a check with faults is not compiled');
    case 'call': {
      const aggregate = p.aggregate?.(e);
      if (aggregate !== undefined) return aggregate;
      const sql = call(e, p);
      return p.part?.(sql) ?? sql;
    }
  }
}

function literal(value: number | string | string[] | undefined, type: Type, d: Dialect): Sql {
  if (value === undefined) return unknown(d, type);
  if (Array.isArray(value)) return d.textList(value);
  if (typeof value === 'number') return String(value);
  return type.base === 'date' ? d.date(value) : d.text(value);
}

function call(e: Extract<Expr, { op: 'call' }>, p: Place): Sql {
  const { d } = p;
  const args = () => e.args.map((a) => render(a, p));
  switch (e.name) {
    case '&&':
      return `(${args().join(' AND ')})`;
    case '||':
      return `(${args().join(' OR ')})`;
    case '!':
      return `(NOT ${args()[0]})`;
    case '==':
      return `(${args().join(' = ')})`;
    case '!=':
      return `(${args().join(' <> ')})`;
    case '<':
    case '<=':
    case '>':
    case '>=':
    case '+':
    case '-':
    case '%':
      return `(${args().join(` ${e.name} `)})`;
    case '*':
      // Products of two exact decimals can outgrow any width; one row's product as double is the same on every machine.
      return e.type.base === 'int'
        ? `(${args().join(' * ')})`
        : `(${args()
            .map((a) => d.cast(a, 'double'))
            .join(' * ')})`;
    case '/':
      return d.divide(...(args() as [Sql, Sql]));
    case 'negate':
      return `(- ${args()[0]})`;
    case '?:': {
      const [c, a, b] = args() as [Sql, Sql, Sql];
      return `CASE WHEN ${c} THEN ${a} WHEN NOT ${c} THEN ${b} END`;
    }
    case 'in':
      return inList(e, p);
    default:
      return functionSql(e, p, render);
  }
}

function inList(e: Extract<Expr, { op: 'call' }>, p: Place): Sql {
  const [item, list] = e.args as [Expr, Expr];
  const x = render(item, p);
  const values = list.op === 'literal' ? list.value : list.op === 'param' ? p.facts.params.get(list.name) : undefined;
  if (!Array.isArray(values)) return p.d.listContains(render(list, p), x);
  if (values.length === 0) return `(${x} IS NULL AND NULL)`;
  const text = item.type.base === 'text';
  return `(${x} IN (${values.map((v) => (text ? p.d.text(v) : String(Number(v)))).join(', ')}))`;
}
