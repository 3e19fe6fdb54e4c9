import type { PageHead, PartKind, Parts } from '../data.js';

async function decoded(block: Element): Promise<unknown> {
  const binary = atob(block.textContent ?? '');
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  // Held once: the packed text is not needed again.
  block.remove();
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
  return new Response(stream).json();
}

const blocks = (part: string): Element[] => [...document.querySelectorAll(`script[data-part="${part}"]`)];

export const canRead = (): boolean => typeof DecompressionStream === 'function';

export const readHead = (): Promise<PageHead> => decoded(blocks('head')[0]!) as Promise<PageHead>;

/** One after another, so that only one part is held twice at any moment. */
export async function readParts<K extends PartKind>(kind: K): Promise<Parts[K][]> {
  const parts: Parts[K][] = [];
  for (const block of blocks(kind)) parts.push((await decoded(block)) as Parts[K]);
  return parts;
}
