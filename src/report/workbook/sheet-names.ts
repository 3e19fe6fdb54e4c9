/** What Excel takes in the name of a sheet: 31 characters, none of these, no quote at its ends. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNFIT = /[\u0000-\u001f[\]:*?/\\]/g;
const LENGTH = 31;

/** Names for sheets, no two the same whatever the case. */
export function sheetNames(wanted: readonly string[], taken: readonly string[]): string[] {
  // Excel keeps History for itself.
  const used = new Set([...taken, 'history'].map((n) => n.toLowerCase()));
  return wanted.map((title) => {
    const plain =
      title
        .replace(UNFIT, '_')
        .replace(/^'+|'+$/g, '')
        .trim() || '_';
    for (let n = 1; ; n++) {
      const tail = n === 1 ? '' : ` (${n})`;
      const name = cut(plain, LENGTH - tail.length) + tail;
      if (used.has(name.toLowerCase())) continue;
      used.add(name.toLowerCase());
      return name;
    }
  });
}

/** Without parting the two halves of a character. */
function cut(text: string, length: number): string {
  let out = '';
  for (const c of text) {
    if (out.length + c.length > length) break;
    out += c;
  }
  return out.trimEnd();
}
