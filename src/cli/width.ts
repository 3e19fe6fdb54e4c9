import stringWidth from 'string-width';

/** Letters and signs of one column, and Chinese ones of two: nearly every text. The library looks at each character in five ways. */
const PLAIN = /^[ -~\u3001-\u3002\u4e00-\u9fff\uff01-\uff5e]*$/;

/** How many columns of a terminal a text takes. */
export const widthOf = (text: string): number =>
  PLAIN.test(text) ? text.length + text.replace(/[ -~]/g, '').length : stringWidth(text);

const segments = new Intl.Segmenter('zh', { granularity: 'grapheme' });

/** As much of a text as fits into so many columns of a terminal, with … where something is left out. Never half a character. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let out = '';
  let width = 0;
  for (const { segment } of segments.segment(text)) {
    const w = widthOf(segment);
    if (width + w > columns - 1) break;
    out += segment;
    width += w;
  }
  return columns > 0 ? `${out}…` : '';
}

/** Filled up with spaces to so many columns. */
export function pad(text: string, columns: number, right = false): string {
  const gap = ' '.repeat(Math.max(0, columns - widthOf(text)));
  return right ? gap + text : text + gap;
}
