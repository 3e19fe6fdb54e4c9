import type { CheckedCheck } from '../checks/checked.js';
import { type Expr, lookupsOf, nodes } from '../checks/ir.js';
import { storedFor } from './function-sql.js';
import { columnName } from './render.js';

/**
 * The columns that judging and wording may read of the rows of each source, whatever is known on the day of the run; besides those that
 * every source has (`_file`, `_row` …), and its key.
 */
export function columnsRead(checks: readonly CheckedCheck[]): Map<string, Set<string>> {
  const read = new Map<string, Set<string>>();
  const add = (source: string, column: string) => read.set(source, (read.get(source) ?? new Set()).add(column));
  const addAll = (e: Expr) => {
    for (const { source, column } of columnsOf(e)) add(source, column);
  };
  for (const c of checks) {
    const said = [...c.message.zh, ...c.message.en].filter((part) => typeof part !== 'string');
    const values = c.evidence.map((x) => x.value);
    for (const e of [c.when, c.expect, ...c.severity.cases.map((x) => x.when), ...c.about, ...said, ...values])
      addAll(e);
    for (const { keys, where, mode, relation } of lookupsOf(c.lookups)) {
      for (const k of keys) for (const e of [k.row, k.outer]) addAll(e);
      if (mode.kind === 'pick') add(relation.source, mode.field);
      for (const e of [...(where ? [where] : []), ...(mode.kind === 'group' ? Object.values(mode.results) : [])]) {
        addAll(e);
        // Of these it is asked as well whether they have a value in every row.
        for (const n of nodes(e)) if (n.op === 'field') add(n.relation.source, n.field);
      }
    }
  }
  return read;
}

/** What is worked out from a field stands in a column of its own, and is read alone. */
function columnsOf(e: Expr): { source: string; column: string }[] {
  if (e.op === 'field' || e.op === 'has') return [{ source: e.relation.source, column: e.field }];
  if (e.op !== 'call') return [];
  return e.args.flatMap((arg, i) => {
    const stored = storedFor(e, i);
    return stored && arg.op === 'field'
      ? [{ source: arg.relation.source, column: columnName(arg.field, stored) }]
      : columnsOf(arg);
  });
}
