import { createHash } from 'node:crypto';
import type { Pack } from '../config/pack.js';
import type { IngestRecord } from '../ingest/record.js';
import { directoryDigest, fileDigest } from './digest.js';

/** Ours alone, so that no other program makes the same ids from the same words. */
const NAMESPACE = '5d0b5f6e-3c54-5b0e-9d57-6b1d5a2f7c11';

export interface RunIdentity {
  pack: Pack;
  record: IngestRecord;
  asOf: string;
  version: string;
  paramsFile?: string;
  onlyThemes?: readonly string[];
  scope?: readonly string[];
}

/**
 * The run as a UUID (version 5: a name under a namespace): the same day, extracts, checks and version give the same id, on every
 * machine, and anything else another. How the reports look (language, masking, formats) is no part of it.
 */
export function runId(i: RunIdentity): string {
  const files = i.record.files.map((f) => `${f.source}\0${f.name}\0${f.sha256}`).sort();
  const parts = [
    i.version,
    i.asOf,
    directoryDigest(i.pack.dir),
    i.paramsFile ? fileDigest(i.paramsFile) : '',
    [...(i.onlyThemes ?? [])].sort().join(','),
    [...(i.scope ?? [])].sort().join(','),
    ...files,
  ];
  return uuid5(NAMESPACE, parts.join('\n'));
}

/** RFC 9562, 5.5. */
function uuid5(namespace: string, name: string): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}
