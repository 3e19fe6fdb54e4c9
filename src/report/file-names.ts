/** What no file system, or not every one, takes in a name. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNFIT = /[\u0000-\u001f\u007f<>:"/\\|?*]|^\.+|[. ]+$/g;
/** A file system allows 255 bytes, of which a Chinese character takes three. */
const LENGTH = 60;

/** Titles as names of files: none leads elsewhere, and no two are the same, whatever the file system makes of case. */
export function named<T extends { id: string; name: string }>(items: readonly T[]): T[] {
  const taken = new Set<string>();
  return items.map((item) => {
    const plain = [...item.name.replace(UNFIT, '_')].slice(0, LENGTH).join('');
    const name = plain === '' || taken.has(plain.toLowerCase()) ? `${plain}_${item.id}` : plain;
    taken.add(name.toLowerCase());
    return { ...item, name };
  });
}
