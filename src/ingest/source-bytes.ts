import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { PassThrough, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { inputError } from '../errors.js';
import { CHUNK_BYTES, HEAD_BYTES, LIMITS } from './limits.js';

export interface SourceFile {
  /** Absolute. */
  path: string;
  /** As shown to the user. */
  name: string;
  /** All of it, where it is small: read once, instead of by everyone who wants to know something of it. */
  content?: Buffer;
}

/** Bytes of a file that is read as a whole before anything is asked of it. */
const SMALL_BYTES = HEAD_BYTES;

/** The same file with its content, if it is small. Whether it can be opened at all is for its reader to tell. */
export async function inHand(file: SourceFile): Promise<SourceFile> {
  const found = await stat(file.path).catch(() => undefined);
  if (!found?.isFile() || found.size > SMALL_BYTES) return file;
  // One byte more than there should be: a file that grows is left to those who read to its end.
  const content = await readStart(file.path, found.size + 1).catch(() => undefined);
  return content && content.length <= found.size ? { ...file, content } : file;
}

/** The first bytes of a file as it lies there. */
export const startOf = async (file: SourceFile, length: number): Promise<Buffer> =>
  file.content?.subarray(0, length) ?? readStart(file.path, length);

export interface Digest {
  bytes: number;
  sha256: string;
}

async function readStart(path: string, length: number): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await handle.read(buffer, filled, length - filled, filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  } finally {
    await handle.close();
  }
}

/** The size and SHA-256 of a file whose content is read by somebody else. */
export async function digestFile({ path, content }: Pick<SourceFile, 'path' | 'content'>): Promise<Digest> {
  const hash = createHash('sha256');
  if (content) return { bytes: content.length, sha256: hash.update(content).digest('hex') };
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** The text of a file, unpacked where it is gzipped, with the size and SHA-256 of the file as it lies there. */
export class SourceBytes {
  private readonly hash: Hash = createHash('sha256');
  private packed = 0;

  constructor(
    private readonly file: SourceFile,
    private readonly gzip: boolean,
  ) {}

  /** Must be read to its end for the digest to mean anything. */
  async *chunks(): AsyncGenerator<Buffer> {
    const { path, content } = this.file;
    if (content && !this.gzip) {
      this.count(content);
      if (content.length > 0) yield content;
      return;
    }
    const source = content ? Readable.from([content]) : createReadStream(path, { highWaterMark: CHUNK_BYTES });
    if (!this.gzip) {
      for await (const chunk of source) {
        this.count(chunk as Buffer);
        yield chunk as Buffer;
      }
      return;
    }
    const counted = new Transform({
      transform: (chunk: Buffer, _encoding, done) => {
        this.count(chunk);
        done(null, chunk);
      },
    });
    const out = new PassThrough({ highWaterMark: CHUNK_BYTES });
    const work = pipeline(source, counted, createGunzip({ chunkSize: CHUNK_BYTES }), out);
    // The reader below sees the fault as well; this keeps it from being an unhandled one.
    work.catch(() => {});
    let unpacked = 0;
    try {
      for await (const chunk of out) {
        unpacked += (chunk as Buffer).length;
        this.refuseBomb(unpacked);
        yield chunk as Buffer;
      }
      await work;
    } catch (error) {
      throw isZlibFault(error) ? this.damaged(error) : error;
    } finally {
      source.destroy();
    }
  }

  digest(): Digest {
    return { bytes: this.packed, sha256: this.hash.digest('hex') };
  }

  private count(chunk: Buffer): void {
    this.hash.update(chunk);
    this.packed += chunk.length;
  }

  private refuseBomb(unpacked: number): void {
    const suspect = unpacked > LIMITS.suspectBytes && unpacked > LIMITS.ratio * Math.max(1, this.packed);
    if (!suspect && unpacked <= LIMITS.unpackedBytes) return;
    throw inputError({
      what: 'the gzip file unpacks to far more than an extract can hold',
      where: { file: this.file.name },
      why: `${this.packed} bytes unpacked to more than ${unpacked} bytes`,
      fix: 'Ask the department for the extract again, uncompressed.',
    });
  }

  private damaged(error: Error): Error {
    const cut = error.message.includes('unexpected end');
    return inputError({
      what: cut ? 'the gzip file ends before its content does' : 'the gzip file is damaged',
      where: { file: this.file.name },
      why: cut ? 'it was cut off, perhaps while it was copied' : `unpacking failed (${error.message})`,
      fix: 'Transfer the file again and compare its size with the original.',
    });
  }
}

function isZlibFault(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

/** The beginning of the text of a file, and whether that is all of it. */
export async function firstBytes(file: SourceFile, gzip: boolean): Promise<{ bytes: Buffer; complete: boolean }> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const chunk of new SourceBytes(file, gzip).chunks()) {
    parts.push(chunk);
    length += chunk.length;
    if (length > HEAD_BYTES) break;
  }
  return { bytes: Buffer.concat(parts).subarray(0, HEAD_BYTES), complete: length <= HEAD_BYTES };
}
