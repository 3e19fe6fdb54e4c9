import type { Scalar } from 'yaml';

/**
 * Offset in the file of character `index` of a scalar's text. However a text is folded, only white space differs between the
 * file and the value, but for the escapes of quotes: so characters that are not white space are counted on both sides.
 */
export function textOffset(source: string, node: Scalar, index: number): number {
  const [start, end] = node.range as [number, number, number];
  const value = String(node.value);
  let before = [...value.slice(0, index)].filter((c) => !isSpace(c)).length;
  const block = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED';
  const quoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE';
  let at = block ? source.indexOf('\n', start) + 1 : quoted ? start + 1 : start;
  const last = quoted ? end - 1 : end;
  while (at < last) {
    const { length, space } = piece(source, at, node.type);
    if (!space && before-- === 0) return at;
    at += length;
  }
  // Behind the last character: where something is missing.
  return block ? start + source.slice(start, last).trimEnd().length : last;
}

const isSpace = (c: string) => /\s/.test(c);

/** What one character of the value is written as. */
function piece(source: string, at: number, type: Scalar['type']): { length: number; space: boolean } {
  if (type === 'QUOTE_SINGLE' && source.startsWith("''", at)) return { length: 2, space: false };
  if (type === 'QUOTE_DOUBLE' && source[at] === '\\') {
    const letter = source[at + 1] ?? '';
    const length = { x: 4, u: 6, U: 10 }[letter] ?? 2;
    return { length, space: /[\sntrve_NLP]/.test(letter) };
  }
  const c = String.fromCodePoint(source.codePointAt(at) ?? 0);
  return { length: c.length, space: isSpace(c) };
}
