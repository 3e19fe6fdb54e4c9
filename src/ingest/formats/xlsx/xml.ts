import type { Readable } from 'node:stream';
import { SaxesParser } from 'saxes';
import { LIMITS } from '../../limits.js';

export interface XmlHandler {
  open?(name: string, attributes: Record<string, string>): void;
  close?(name: string): void;
  text?(text: string): void;
  /** True when nothing more is wanted; the rest is not read. */
  done?(): boolean;
}

/** Streams XML through a handler. Names come without their namespace prefix. DOCTYPEs, and so all entities, are refused. */
export async function parseXml(stream: Readable, handler: XmlHandler): Promise<void> {
  const parser = new SaxesParser({ xmlns: false });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  parser.on('doctype', () => {
    throw new Error('a DOCTYPE has no place in a workbook');
  });
  parser.on('opentag', (tag) => handler.open?.(local(tag.name), tag.attributes as Record<string, string>));
  parser.on('closetag', (tag) => handler.close?.(local(tag.name)));
  parser.on('text', (text) => handler.text?.(text));
  parser.on('cdata', (text) => handler.text?.(text));
  parser.on('error', (error) => {
    throw error;
  });
  let sinceTag = 0;
  try {
    for await (const chunk of stream) {
      const bytes = chunk as Buffer;
      const lastTag = bytes.lastIndexOf(0x3c);
      sinceTag = lastTag < 0 ? sinceTag + bytes.length : bytes.length - lastTag;
      if (sinceTag > LIMITS.xmlTextBytes) throw new Error('one cell holds more text than a workbook can');
      parser.write(decoder.decode(bytes, { stream: true }));
      if (handler.done?.()) return;
    }
    parser.write(decoder.decode()).close();
  } finally {
    stream.destroy();
  }
}

function local(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}
