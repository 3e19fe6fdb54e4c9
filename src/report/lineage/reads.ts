import type { CheckedCheck } from '../../checks/checked.js';
import { type Expr, lookupsOf, nodes } from '../../checks/ir.js';

/** A field of a source, and how what it says went into something. */
export interface Read {
  source: string;
  field: string;
  how: 'IDENTITY' | 'TRANSFORMATION' | 'FILTER' | 'JOIN';
}

/** Fields that an expression reads; a value over several rows reads what it is computed from. */
function readsOf(e: Expr, how: Read['how']): Read[] {
  return [...nodes(e)].flatMap((n): Read[] => {
    if (n.op === 'field' || n.op === 'has') return [{ source: n.relation.source, field: n.field, how }];
    if (n.op !== 'result') return [];
    const mode = n.relation.lookup?.mode;
    const result = mode?.kind === 'group' ? mode.results[n.name] : undefined;
    return result ? readsOf(result, how) : [];
  });
}

/** Columns of the anomaly table, and the fields that their values were made of. */
export function columnReads(checks: readonly CheckedCheck[]): Map<string, Read[]> {
  const of = new Map<string, Read[]>();
  const add = (column: string, reads: readonly Read[]) => of.set(column, [...(of.get(column) ?? []), ...reads]);
  add('uscc', [{ source: 'enterprise', field: 'uscc', how: 'IDENTITY' }]);
  add('enterprise', [{ source: 'enterprise', field: 'name', how: 'TRANSFORMATION' }]);
  for (const c of checks) {
    c.evidence.forEach((e, i) => {
      add(['a_value', 'b_value'][i] ?? 'other_evidence', readsOf(e.value, 'TRANSFORMATION'));
    });
    for (const e of c.about) add('about', readsOf(e, 'TRANSFORMATION'));
    for (const part of [...c.message.zh, ...c.message.en]) {
      if (typeof part !== 'string') add('message', readsOf(part, 'TRANSFORMATION'));
    }
  }
  return new Map([...of].map(([column, reads]) => [column, unique(reads)]));
}

/** Fields that decide which rows there are: what a check applies to, what it expects, and how rows are looked up. */
export function rowReads(checks: readonly CheckedCheck[]): Read[] {
  return unique(
    checks.flatMap((c) => [
      ...[c.when, c.expect, ...c.severity.cases.map((x) => x.when)].flatMap((e) => readsOf(e, 'FILTER')),
      ...[...lookupsOf(c.lookups)].flatMap((l) => [
        ...l.keys.flatMap((k) => [...readsOf(k.row, 'JOIN'), ...readsOf(k.outer, 'JOIN')]),
        ...(l.where ? readsOf(l.where, 'FILTER') : []),
        ...(l.mode.kind === 'pick' ? [{ source: l.relation.source, field: l.mode.field, how: 'FILTER' as const }] : []),
      ]),
    ]),
  );
}

function unique(reads: readonly Read[]): Read[] {
  const key = (r: Read) => `${r.source} ${r.field} ${r.how}`;
  const all = new Map(reads.map((r) => [key(r), r]));
  return [...all.keys()].sort().map((k) => all.get(k)!);
}
