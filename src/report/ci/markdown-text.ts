/** What Markdown, HTML within it, and the forges that show it would take for more than text. */
const SPECIAL = /[\\`*_{}[\]()#+!|~<>&$@:]/g;
/** An empty comment parts `@` from a name and `#` from a number, so that nobody is called and nothing is linked; it is not seen and not copied. */
const PART = '<!-- -->';

/** Text of a value, in a cell or a sentence: it reads as it stands, and does nothing. */
export const plain = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    // Characters that turn the direction of what follows could make a row say something else.
    .replace(/[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(SPECIAL, escaped)
    .replace(/\bwww\./gi, (x) => `${x.slice(0, -1)}${PART}.`)
    .trim();

function escaped(c: string): string {
  if (c === '<') return '&lt;';
  if (c === '>') return '&gt;';
  if (c === '&') return '&amp;';
  if (c === '$') return '&#36;';
  if (c === '@') return `@${PART}`;
  if (c === '#' || c === '!' || c === '~') return `\\${c}${PART}`;
  // `://` would become a link of itself.
  if (c === ':') return `:${PART}`;
  return `\\${c}`;
}

export type Align = 'left' | 'right';

/** Cells are Markdown already. */
export function table(head: readonly string[], align: readonly Align[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(align.map((a) => (a === 'right' ? '---:' : '---'))), ...rows.map(line)].join('\n');
}
