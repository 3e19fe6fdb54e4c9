import stringWidth from 'string-width';

const segments = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** As much of a text as fits into so many columns of a terminal, with … where something is left out. Never half a character. */
export function cut(text: string, columns: number): string {
  if (stringWidth(text) <= columns) return text;
  let out = '';
  let width = 0;
  for (const { segment } of segments.segment(text)) {
    const w = stringWidth(segment);
    if (width + w > columns - 1) break;
    out += segment;
    width += w;
  }
  return columns > 0 ? `${out}…` : '';
}

/** Filled up with spaces to so many columns. */
export function pad(text: string, columns: number, right = false): string {
  const gap = ' '.repeat(Math.max(0, columns - stringWidth(text)));
  return right ? gap + text : text + gap;
}
