import { MAX_HEIGHT } from '../xlsx/sheet.js';
import { LINE, PADDING } from './looks.js';

/**
 * Width of text in the columns' unit, a digit. What counts is speed over many rows and never to be too narrow: everything
 * from the Hangul block on counts as a full-width character, though some of it is not.
 */
export function widthOf(text: string): number {
  let width = 0;
  for (let i = 0; i < text.length; i++) width += text.charCodeAt(i) < 0x1100 ? 1 : 2;
  return width;
}

/** Lines that a text takes in a column. Words do not break anywhere, so the last characters of a line stay free. */
export function linesOf(text: string, width: number): number {
  const room = Math.max(4, width - 2);
  if (!text.includes('\n')) return Math.max(1, Math.ceil(widthOf(text) / room));
  return text.split('\n').reduce((n, line) => n + Math.max(1, Math.ceil(widthOf(line) / room)), 0);
}

/** Height of a row of so many lines. */
export const heightOf = (lines: number, line = LINE): number => Math.min(MAX_HEIGHT, Math.ceil(lines * line + PADDING));
