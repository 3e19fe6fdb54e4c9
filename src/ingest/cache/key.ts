import { createHash } from 'node:crypto';
import type { Contract } from '../../config/contract.js';
import type { Digest } from '../source-bytes.js';
import type { TypedField } from '../sources.js';
import { claimedEncoding } from '../text-source.js';
import { codeDigest } from './code-digest.js';

/** Of the shape of entries. */
export const CACHE_FORMAT = 1;

export interface KeyParts {
  /** Versions of bidui and engine. */
  by: string;
  contract: Contract;
  /** With units and code lists, as a park's own settings leave them. */
  fields: readonly TypedField[];
  files: readonly { name: string; digest: Digest }[];
  /** What addresses are read with: the place's own names, by digest. Undefined where the source has no address. */
  names?: string;
}

/** Everything that a source's typed rows depend on. */
export function keyOf(k: KeyParts): string {
  const parts = [
    [CACHE_FORMAT, k.by, codeDigest(), k.contract, k.names ?? null],
    k.fields.map((f) => [f.id, f.type.id, { ...f.options, codes: pairs(f.options.codes), aliases: undefined }]),
    k.files.map((f) => [f.digest.sha256, f.digest.bytes, ...saysOf(f.name)]),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

const pairs = (map: ReadonlyMap<string, unknown> | undefined) => map && [...map];

/**
 * What readers take from a file's name: its kind, and the encoding it claims. Not the rest of it, so that an extract that comes
 * under tonight's date with last night's content, or from another folder, is known.
 */
const saysOf = (name: string): (string | undefined)[] => [
  /\.[a-z0-9]+(\.gz)?$/i.exec(name)?.[0].toLowerCase(),
  claimedEncoding(name),
];
