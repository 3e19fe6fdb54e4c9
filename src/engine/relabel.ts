import type { Dialect, Sql } from './dialect.js';

/** A text in other words: each id becomes its label; what has none becomes `otherwise`, NULL by default. */
export function relabel(x: Sql, labels: Iterable<readonly [string, string]>, d: Dialect, otherwise?: Sql): Sql {
  const cases = [...labels].map(([id, label]) => `WHEN ${d.text(id)} THEN ${d.text(label)}`);
  return `CASE ${x} ${cases.join(' ')}${otherwise === undefined ? '' : ` ELSE ${otherwise}`} END`;
}
