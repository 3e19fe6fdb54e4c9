import type { Dialect } from '../engine/dialect.js';
import type { RunFacts } from './facts.js';
import { columnsLaidOut } from './outcomes.js';
import type { Frame, LookupNode } from './plan.js';

/** Bytes that an engine holds of an enterprise while it is judged. */
const OF_AN_ENTERPRISE = 100;
/** … of what one lookup found for it: as it sums up, and as it joins. */
const OF_A_LOOKUP = 95;
/** … of a column that is laid out. */
const OF_A_COLUMN = 20;
/** Where rows are judged, what is looked up is confined to those that have any, more often than not. */
const WHERE_ROWS_ARE_JUDGED = 0.5;

/**
 * Bytes that an engine takes to judge so many enterprises by a frame. All lookups of a frame stand side by side, so it is their number that
 * counts, and of how many enterprises each finds something. An estimate: between two thirds and twice of what was measured.
 */
export function bytesToJudge(frame: Frame, enterprises: number, facts: RunFacts, d: Dialect): number {
  const rowsOf = ({ lookup }: LookupNode) => Math.min(enterprises, facts.source(lookup.relation.source).rows ?? 0);
  const found = frame.lookups.reduce((sum, node) => sum + rowsOf(node), 0);
  const laidOut = OF_A_COLUMN * columnsLaidOut(frame, d, facts);
  const bytes = (OF_AN_ENTERPRISE + laidOut) * enterprises + OF_A_LOOKUP * found;
  return frame.each ? WHERE_ROWS_ARE_JUDGED * bytes : bytes;
}
