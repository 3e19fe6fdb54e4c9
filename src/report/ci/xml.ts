/** What XML 1.0 cannot hold at all, not even escaped. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNFIT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(UNFIT, '\ufffd').replace(/[&<>"]/g, (c) => ENTITIES[c]!);
/** A parser would read a line break in an attribute as a space. */
const attribute = (text: string): string => escaped(text).replace(/[\t\n\r]/g, (c) => `&#${c.charCodeAt(0)};`);

export type Xml = string;

/** An element; attributes that are undefined are left out, and children are XML already. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  children: readonly Xml[] = [],
): Xml {
  const said = Object.entries(attributes)
    .filter((e) => e[1] !== undefined)
    .map(([k, v]) => ` ${k}="${attribute(String(v))}"`)
    .join('');
  return children.length === 0 ? `<${name}${said}/>` : `<${name}${said}>${children.join('')}</${name}>`;
}

export const text = (content: string): Xml => escaped(content);
