import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagePath } from './package-path.js';

/**
 * What the build has read beforehand of the checks that ship, so that a run need not load a YAML and a CEL parser to read
 * the same hundred files again: found by what is read, never by where it lies. A file that somebody has changed is simply
 * not found, and read. Only `dist/` has it; from the sources everything is read.
 */
export interface Prepared {
  /** Digest of a YAML text → its data, as JSON. */
  yaml: Record<string, string>;
  /** What it is checked as, and the digest of a YAML text → its data after that check, which it has passed, as JSON. */
  checked: Record<string, string>;
  /** Text of an expression → its syntax. */
  syntax: Record<string, unknown>;
}

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Beside the compiled code. */
export const preparedPath = (): string => join(packagePath(), 'dist', 'prepared.json');

const isBuilt = import.meta.url.endsWith('.js');
let prepared: Prepared | undefined;

function load(): Prepared {
  if (prepared) return prepared;
  try {
    prepared = isBuilt ? (JSON.parse(readFileSync(preparedPath(), 'utf8')) as Prepared) : undefined;
  } catch {
    // Absent while it is being built; and whatever else it may be, everything can be read without it.
  }
  prepared ??= { yaml: {}, checked: {}, syntax: {} };
  return prepared;
}

const copyOf = (known: Record<string, string>, key: string): { data: unknown } | undefined => {
  const json = Object.hasOwn(known, key) ? known[key] : undefined;
  return json === undefined ? undefined : { data: JSON.parse(json) };
};

/** Whether a YAML text need not be read. */
export const isPrepared = (digest: string): boolean => Object.hasOwn(load().yaml, digest);

/** The data of a YAML text, its own copy each time; undefined where it has to be read. */
export const preparedYaml = (digest: string): { data: unknown } | undefined => copyOf(load().yaml, digest);

/** The same after its check; undefined where it has to be checked. */
export const preparedCheck = (as: string, digest: string): { data: unknown } | undefined =>
  copyOf(load().checked, checkKey(as, digest));

export const checkKey = (as: string, digest: string): string => `${as} ${digest}`;

/** The syntax of an expression; undefined where it has to be read. */
export function preparedSyntax(text: string): unknown {
  const { syntax } = load();
  return Object.hasOwn(syntax, text) ? syntax[text] : undefined;
}
