import type { Field, FieldType } from '../config/contract.js';

/** Type of an expression. `as` keeps the meaning of a text or number (name, address, money …) for messages and for comparing. */
export interface Type {
  base: 'bool' | 'int' | 'number' | 'date' | 'timestamp' | 'text' | 'list';
  as?: FieldType;
  /** For a code: its list. */
  codes?: string;
  /** Personal data in it, to be masked wherever it is shown. */
  personal?: Field['personal'];
}

/** A row source under a name: the judged enterprise, or a lookup beside it. */
export interface Relation {
  alias: string;
  source: string;
  /** Absent for the enterprise itself. */
  lookup?: Lookup;
  /** A fault of it has been told: what is said of it is not looked at. */
  broken?: true;
}

export type LookupMode =
  | { kind: 'unique' }
  /** One row by a field, whose values are of `base`. */
  | { kind: 'pick'; latest: boolean; field: string; base: Type['base'] }
  | { kind: 'each' }
  | { kind: 'group'; results: Record<string, Expr> };

/** Rows beside the enterprise (or beside the rows of another lookup). */
export interface Lookup {
  relation: Relation;
  /** Rows of any enterprise; otherwise linked by enterprise. */
  across: boolean;
  /** Equalities: an expression over this row equals one over what is already known. */
  keys: { row: Expr; outer: Expr }[];
  where?: Expr;
  nested: Lookup[];
  mode: LookupMode;
}

/** A typed expression. Operators and functions alike are calls; what they mean in SQL is the compiler's business. */
export type Expr =
  | { op: 'literal'; type: Type; value: string | number | boolean | string[] }
  | { op: 'as_of'; type: Type }
  | { op: 'param'; type: Type; name: string }
  | { op: 'field'; type: Type; relation: Relation; field: string }
  | { op: 'result'; type: Type; relation: Relation; name: string }
  | { op: 'exists'; type: Type; relation: Relation }
  | { op: 'has'; type: Type; relation: Relation; field: string }
  | { op: 'call'; type: Type; name: string; args: Expr[] }
  /** A fault in it has been told: what it would have been is not known, and nothing around it is a fault for that. */
  | { op: 'broken'; type: Type };

export const BOOL: Type = { base: 'bool' };
export const INT: Type = { base: 'int' };
export const NUMBER: Type = { base: 'number' };
export const DATE: Type = { base: 'date' };
export const TEXT: Type = { base: 'text' };
export const LIST: Type = { base: 'list' };

export const BROKEN: Expr = { op: 'broken', type: BOOL };

/** Every node of an expression, outermost first. */
export function* nodes(e: Expr): Generator<Expr> {
  yield e;
  if (e.op === 'call') for (const arg of e.args) yield* nodes(arg);
}

/** Relations an expression reads, in the order of reading. */
export function relationsOf(e: Expr): Relation[] {
  const found = new Set<Relation>();
  for (const n of nodes(e)) if ('relation' in n) found.add(n.relation);
  return [...found];
}

/** The conjuncts of `a && b && c`. */
export function conjuncts(e: Expr): Expr[] {
  return e.op === 'call' && e.name === '&&' ? e.args.flatMap(conjuncts) : [e];
}

/** The lookups of a check from the outermost to the innermost, parents first. */
export function* lookupsOf(lookups: readonly Lookup[]): Generator<Lookup> {
  for (const l of lookups) {
    yield l;
    yield* lookupsOf(l.nested);
  }
}
