import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { inputError } from '../errors.js';
import { CHUNK_BYTES, HEAD_BYTES, LIMITS } from './limits.js';

export interface SourceFile {
  /** Absolute. */
  path: string;
  /** As shown to the user. */
  name: string;
}

export interface Digest {
  bytes: number;
  sha256: string;
}

export async function readStart(path: string, length: number): Promise<Buffer> {
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
export async function digestFile(path: string): Promise<Digest> {
  const hash = createHash('sha256');
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
    const source = createReadStream(this.file.path, { highWaterMark: CHUNK_BYTES });
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
