import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import type { PageHead, PartKind, Parts } from '../../../src/report/page/data.js';

/** What a page holds, as its own script reads it. Tests that look for words in a page look here: the page itself is packed. */
export function embedded(file: string) {
  const html = readFileSync(file, 'utf8');
  const blocks = [...html.matchAll(/<script type="text\/plain" data-part="(\w+)">([^<]*)<\/script>/g)];
  const of = (part: string): unknown[] =>
    blocks
      .filter((b) => b[1] === part)
      .map((b) => JSON.parse(inflateSync(Buffer.from(b[2]!, 'base64')).toString('utf8')));
  return {
    html,
    head: of('head')[0] as PageHead,
    parts: <K extends PartKind>(kind: K): Parts[K][] => of(kind) as Parts[K][],
    /** All of it as one text. */
    text: ['head', 'enterprises', 'anomalies', 'followed', 'quarantine'].map((p) => JSON.stringify(of(p))).join('\n'),
  };
}
