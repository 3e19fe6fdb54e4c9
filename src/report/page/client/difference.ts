import { diffArrays } from 'diff';

export interface Piece {
  text: string;
  differs: boolean;
}

/** Longer values are compared from both ends only. */
const LONGEST = 400;
/** Of values that have less in common than this, the marks would say nothing. */
const ALIKE = 0.4;

/** Two values cut into what they share and where they differ, character by character; nothing is marked in values too unlike. */
export function difference(a: string, b: string): { a: Piece[]; b: Piece[]; marked: boolean } {
  const left = [...a];
  const right = [...b];
  const parts = left.length + right.length > 2 * LONGEST ? fromBothEnds(left, right) : exactly(left, right);
  const shared = parts.filter((p) => p.in === 'both').reduce((n, p) => n + p.of.length, 0);
  const marked = a !== b && shared >= ALIKE * Math.max(left.length, right.length);
  if (!marked) return { a: [{ text: a, differs: false }], b: [{ text: b, differs: false }], marked };
  const side = (own: Part['in']) =>
    parts.filter((p) => p.in === 'both' || p.in === own).map((p) => ({ text: p.of.join(''), differs: p.in === own }));
  return { a: side('left'), b: side('right'), marked };
}

interface Part {
  in: 'both' | 'left' | 'right';
  of: readonly string[];
}

function exactly(a: readonly string[], b: readonly string[]): Part[] {
  return diffArrays([...a], [...b]).map((c) => ({ in: c.removed ? 'left' : c.added ? 'right' : 'both', of: c.value }));
}

function fromBothEnds(a: readonly string[], b: readonly string[]): Part[] {
  const most = Math.min(a.length, b.length);
  let start = 0;
  while (start < most && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < most - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const parts: Part[] = [
    { in: 'both', of: a.slice(0, start) },
    { in: 'left', of: a.slice(start, a.length - end) },
    { in: 'right', of: b.slice(start, b.length - end) },
    { in: 'both', of: a.slice(a.length - end) },
  ];
  return parts.filter((p) => p.of.length > 0);
}
