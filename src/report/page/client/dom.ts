export type Child = Node | string | number | null | undefined | false | readonly Child[];
type Value = string | number | boolean | null | undefined;
type Props = Record<string, Value | ((event: never) => void)>;

/** Characters that turn text around or hide it: in a report they are shown, not obeyed. */
const HIDDEN = /[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g;

export const plain = (text: string): string =>
  text.replace(HIDDEN, (c) => `[U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}]`);

/** An element. Text is only ever text: nothing that stands in data becomes markup. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props | null = null,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (typeof value === 'function') element.addEventListener(name, value as EventListener);
    else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? '' : plain(String(value)));
    }
  }
  append(element, children);
  return element;
}

export function append(to: Node, children: readonly Child[]): void {
  for (const c of children) {
    if (c === null || c === undefined || c === false) continue;
    if (Array.isArray(c)) append(to, c);
    else to.appendChild(c instanceof Node ? c : document.createTextNode(plain(String(c))));
  }
}

export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren();
  append(element, children);
}

/** A name or value as somebody wrote it: its own writing direction touches nothing around it. */
export const bdi = (text: string): HTMLElement => h('bdi', null, text);
