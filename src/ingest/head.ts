import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Session } from '../engine/engine.js';
import { sniffContainer } from './formats/container.js';
import { HEAD_BYTES } from './limits.js';
import { dropRaw, type Expectation, type RawTable } from './raw-table.js';
import { readFile } from './read-file.js';
import { firstBytes, type SourceFile } from './source-bytes.js';

/** A file that has to be read whole to be read at all is looked into up to this size. */
const WHOLE_BYTES = 32 * 1024 ** 2;

export interface Head {
  /** Undefined: only its kind was looked at, for it is large and of a kind without a head. */
  raw?: RawTable;
  kind: string;
  /** The whole file was read, not its first part alone. */
  whole: boolean;
}

/** What a reader makes of the beginning of a file: its encoding, its headers, the notes. Nothing is left in the engine. */
export async function readHead(
  session: Session,
  file: SourceFile,
  expect: Expectation,
  o: { table: string; tempDir: string },
): Promise<Head> {
  const container = await sniffContainer(file);
  const { kind } = container;
  const { size } = await stat(file.path);
  const lines = kind === 'text' || kind === 'ndjson';
  const read = async (path: string, name: string, whole: boolean): Promise<Head> => {
    const raw = await readFile(session, { path, name }, expect, o);
    await dropRaw(session, raw);
    return { raw, kind, whole };
  };
  if (!lines) return size > WHOLE_BYTES ? { kind, whole: false } : read(file.path, file.name, true);
  const { bytes, complete } = await firstLines(file, 'gzip' in container && container.gzip);
  if (complete) return read(file.path, file.name, true);
  const copy = join(o.tempDir, `head-${o.table.replace(/\W/g, '')}`);
  try {
    await writeFile(copy, bytes);
    return await read(copy, file.name, false);
  } finally {
    await rm(copy, { force: true });
  }
}

/** Whole lines from the beginning. A line longer than the head is no extract's, and left as it is cut. */
async function firstLines(file: SourceFile, gzip: boolean): Promise<{ bytes: Buffer; complete: boolean }> {
  const head = await firstBytes(file, gzip);
  if (head.complete) return head;
  const { bytes } = head;
  // A line of UTF-16 ends in two bytes, of which one is NUL.
  const end = bytes.lastIndexOf(10);
  const wide = bytes.subarray(0, 4096).includes(0);
  const cut = end < 0 ? HEAD_BYTES : end + (wide && bytes[end + 1] === 0 ? 2 : 1);
  return { bytes: bytes.subarray(0, cut - (wide ? cut % 2 : 0)), complete: false };
}
