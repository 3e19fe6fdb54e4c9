import { canonicalText } from '../checks/canonical.js';
import type { CheckedCheck } from '../checks/checked.js';
import { type Expr, type Lookup, lookupsOf, type Relation } from '../checks/ir.js';

/**
 * A lookup as the plan knows it: one derived table, shared by every check of the frame that asks for the same rows in the
 * same way, whatever name it gives them.
 */
export interface LookupNode {
  id: string;
  lookup: Lookup;
  parent?: LookupNode;
  nested: LookupNode[];
}

/** Checks that are decided in one pass: one row per enterprise, or per row of `each`. */
export interface Frame {
  name: string;
  each?: LookupNode;
  /** Lookups beside the enterprise, in an order in which each one's keys are known; `each`, if any, is among them. */
  lookups: LookupNode[];
  checks: CheckedCheck[];
  /** Which node answers for a relation of a check. */
  node: ReadonlyMap<Relation, LookupNode>;
}

/**
 * Gathers checks into frames, a theme's checks of one kind of row in each, and finds the lookups they share. Not wider: every join
 * hands on every column of the frame, so one frame for all themes costs more in columns than it saves in scans (measured on the
 * pilot: 98 joins over 202 columns took four times the time of eight frames). Two lookups are the same when they say the same, names
 * aside; that is decided on a canonical text of the typed expressions.
 */
export function planFrames(checks: readonly CheckedCheck[]): Frame[] {
  const builders = new Map<string, FrameBuilder>();
  for (const check of checks) {
    const key = `${check.theme.theme} ${check.each ? canonicalEach(check, check.each) : ''}`;
    let builder = builders.get(key);
    if (!builder) {
      builder = new FrameBuilder(`frame_${builders.size}`);
      builders.set(key, builder);
    }
    builder.add(check);
  }
  return [...builders.values()].map((b) => b.frame());
}

class FrameBuilder {
  private readonly shared = new Map<string, LookupNode>();
  private readonly node = new Map<Relation, LookupNode>();
  private readonly checks: CheckedCheck[] = [];
  private each?: LookupNode;

  constructor(private readonly name: string) {}

  add(check: CheckedCheck): void {
    this.checks.push(check);
    const names = new Map<Relation, string>();
    for (const lookup of check.lookups) {
      const key = canonicalLookup(lookup, names);
      let node = this.shared.get(key);
      if (!node) {
        node = newNode(lookup, `l${this.shared.size}`, undefined);
        this.shared.set(key, node);
      }
      nameAll(lookup, node.id, names);
      this.bind(lookup, node);
      if (lookup === check.each) this.each = node;
    }
  }

  /** The check's names for the rows, and for what is nested in them, now mean this node. */
  private bind(lookup: Lookup, node: LookupNode): void {
    this.node.set(lookup.relation, node);
    lookup.nested.forEach((n, i) => {
      this.bind(n, node.nested[i]!);
    });
  }

  frame(): Frame {
    return {
      name: this.name,
      each: this.each,
      lookups: [...this.shared.values()],
      checks: this.checks,
      node: this.node,
    };
  }
}

function newNode(lookup: Lookup, id: string, parent: LookupNode | undefined): LookupNode {
  const node: LookupNode = { id, lookup, parent, nested: [] };
  node.nested = lookup.nested.map((n, i) => newNode(n, `n${i}`, node));
  return node;
}

/** What the lookup whose rows are judged says, and the lookups that its keys depend on. */
function canonicalEach(check: CheckedCheck, each: Lookup): string {
  const names = new Map<Relation, string>();
  for (const lookup of check.lookups) {
    const text = canonicalLookup(lookup, names);
    if (lookup === each) return text;
    nameAll(lookup, text, names);
  }
  throw new Error(`${check.id} does not look up the rows it judges`);
}

/** What a lookup says, with names replaced by places, so that equal lookups have equal texts. Group values are left out: they add up. */
function canonicalLookup(lookup: Lookup, outerNames: ReadonlyMap<Relation, string>, place = 'r'): string {
  const names = new Map(outerNames);
  names.set(lookup.relation, place);
  const nested = lookup.nested.map((n, i) => {
    const text = canonicalLookup(n, names, `${place}.n${i}`);
    nameAll(n, `${place}.n${i}`, names);
    return text;
  });
  const { mode } = lookup;
  const text = (e: Expr) => canonicalText(e, (r) => names.get(r) ?? r.alias);
  return JSON.stringify({
    from: lookup.relation.source,
    across: lookup.across,
    keys: lookup.keys.map((k) => [text(k.row), text(k.outer)]),
    where: lookup.where && text(lookup.where),
    nested,
    mode: mode.kind === 'group' ? { kind: 'group' } : mode,
  });
}

function nameAll(lookup: Lookup, place: string, names: Map<Relation, string>): void {
  names.set(lookup.relation, place);
  lookup.nested.forEach((n, i) => {
    nameAll(n, `${place}.n${i}`, names);
  });
}

/** Sources a check reads, the enterprise's among them. */
export function sourcesOf(check: CheckedCheck): Set<string> {
  return new Set(['enterprise', ...[...lookupsOf(check.lookups)].map((l) => l.relation.source)]);
}
