import type { Expr } from '../checks/ir.js';
import { canBeUnknown } from '../checks/unknown.js';
import type { RunFacts } from './facts.js';
import { asksForOne } from './own-key.js';
import type { Frame, LookupNode } from './plan.js';

/** Whether rows of any enterprise are looked up. */
export const isAcross = (node: LookupNode): boolean =>
  node.lookup.across || (node.parent !== undefined && isAcross(node.parent));

/** What is certain of the rows that a frame looks up, so that nothing is allowed for that cannot be. */
export class Certainty {
  constructor(
    private readonly frame: Pick<Frame, 'node'>,
    private readonly facts: RunFacts,
  ) {}

  /** Whether the rows of a lookup can be in doubt: their `where`, or their place among several, can be unknown. */
  doubtful(node: LookupNode): boolean {
    return this.sometimesUnknown(node) || (node.lookup.mode.kind === 'pick' && !this.alone(node));
  }

  /** Whether there is at most one row to choose from. */
  alone(node: LookupNode): boolean {
    return !isAcross(node) && asksForOne(node.lookup, this.facts.source(node.lookup.relation.source));
  }

  /** Of what it is certain, among the rows of a lookup, that it has a value. */
  hasValue(node: LookupNode): (e: Expr) => boolean {
    const { key, fullFields, absentFields } = this.facts.source(node.lookup.relation.source);
    const full = new Set([...key, ...(fullFields ?? [])].filter((field) => !absentFields.has(field)));
    return (e) => e.op === 'field' && this.frame.node.get(e.relation) === node && full.has(e.field);
  }

  /** Whether one of several rows has to be chosen. */
  ranked(node: LookupNode): boolean {
    const { mode, relation } = node.lookup;
    if (mode.kind === 'pick') return !this.alone(node);
    return mode.kind === 'unique' && this.facts.source(relation.source).linkedOtherwise && !this.alone(node);
  }

  /** Whether each cell of a field could be read. */
  readThroughout(source: string, field: string): boolean {
    const { unreadFields, absentFields } = this.facts.source(source);
    return unreadFields !== undefined && !unreadFields.has(field) && !absentFields.has(field);
  }

  /** Whether the condition of a lookup can be unknown of a row. */
  sometimesUnknown(node: LookupNode): boolean {
    const { where } = node.lookup;
    return where !== undefined && canBeUnknown(where, this.hasValue(node));
  }
}
