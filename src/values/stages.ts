import type { Dialect, Sql } from '../engine/dialect.js';

/**
 * Work too long for one expression, as steps: each names what it computes from what earlier steps named. The same steps
 * can be laid out as successive projections, which is how many rows should be read, or put into a single expression,
 * for which the engine has to do a little more.
 *
 * `let` would not do: an engine evaluates it as a lambda, and prepares the lambda's body anew for every batch of rows,
 * so that each regular expression in it is compiled again and again.
 */
export type Columns = (name: string) => Sql;
export type Step = (c: Columns) => Record<string, Sql>;

/**
 * `first` decides for most rows whether the dearer rest has to be looked at. An engine works out every side of an AND;
 * of a CASE it works out what is needed.
 */
export const only = (first: Sql, rest: Sql): Sql => `(CASE WHEN ${first} THEN ${rest} ELSE FALSE END)`;

export interface Staged {
  /** Projections, one upon the other; every name in them is a plain column name with the given prefix. */
  readonly projections: readonly Record<string, Sql>[];
  readonly result: Sql;
}

/** Steps as projections over a relation that has `x`; `prefix` keeps the columns of one value apart from another's. */
export function asProjections(
  x: Sql,
  steps: readonly Step[],
  result: (c: Columns) => Sql,
  prefix: string,
  d: Dialect,
): Staged {
  const columns: Columns = (name) => (name === 'x' ? x : d.ident(prefix + name));
  const names = new Set<string>();
  const projections = steps.map((step) =>
    Object.fromEntries(
      Object.entries(step(columns)).map(([name, sql]) => {
        // A second column of one name would hide the first, without an error.
        if (names.has(name)) throw new Error(`step '${name}' is named twice`);
        names.add(name);
        return [prefix + name, sql];
      }),
    ),
  );
  return { projections, result: result(columns) };
}

/**
 * An expression over `x` in projections: a column for each `let` in it (see `Dialect.letting` for what that asks of it), but none may
 * stand within a list's `fn`, whose parameter no projection knows.
 */
export function lifted(x: Sql, said: (x: Sql, d: Dialect) => Sql, prefix: string, d: Dialect): Staged {
  const projections: Record<string, Sql>[] = [];
  const depthOf = new Map<Sql, number>();
  const naming = d.letting((value, fn) => {
    const name = `${prefix}${depthOf.size}`;
    const column = d.ident(name);
    const depth = Math.max(0, ...[...depthOf].flatMap(([named, at]) => (value.includes(named) ? [at + 1] : [])));
    depthOf.set(column, depth);
    projections[depth] = { ...projections[depth], [name]: value };
    return fn(column);
  });
  const result = said(x, naming);
  return { projections, result };
}

/** Steps as one expression. */
export function asExpression(
  x: Sql,
  steps: readonly Step[],
  result: (c: Columns) => Sql,
  prefix: string,
  d: Dialect,
): Sql {
  const value = d.ident(`${prefix}x`);
  const staged = asProjections(value, steps, result, prefix, d);
  return d.inSteps(x, `${prefix}x`, staged.projections, staged.result);
}

/** `SELECT *, …` upon `SELECT *, …` upon a relation: several staged values side by side, step for step. */
export function projected(from: Sql, staged: readonly Staged[], d: Dialect): Sql {
  const depth = Math.max(0, ...staged.map((s) => s.projections.length));
  let relation = from;
  for (let i = 0; i < depth; i++) {
    const columns = staged.flatMap((s) => Object.entries(s.projections[i] ?? {}));
    relation = `(SELECT *, ${columns.map(([name, sql]) => `${sql} AS ${d.ident(name)}`).join(', ')} FROM ${relation}) AS step_${i}`;
  }
  return relation;
}
