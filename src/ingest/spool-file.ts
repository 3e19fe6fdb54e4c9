import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { CHUNK_BYTES } from './limits.js';

/** A temporary file that is written in large pieces. Writing blocks, so whoever feeds it cannot run ahead of the disk. */
export class SpoolFile {
  private readonly fd: number;
  private readonly buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  private filled = 0;
  private open = true;

  constructor(readonly path: string) {
    this.fd = openSync(path, 'w');
  }

  write(bytes: Uint8Array): void {
    if (this.filled + bytes.length > this.buffer.length) this.flush();
    if (bytes.length > this.buffer.length) writeAll(this.fd, bytes);
    else {
      this.buffer.set(bytes, this.filled);
      this.filled += bytes.length;
    }
  }

  writeText(text: string): void {
    // At most three bytes for each UTF-16 unit.
    if (text.length * 3 > this.buffer.length - this.filled) {
      this.flush();
      if (text.length * 3 > this.buffer.length) {
        writeAll(this.fd, Buffer.from(text, 'utf8'));
        return;
      }
    }
    this.filled += this.buffer.write(text, this.filled, 'utf8');
  }

  close(): void {
    if (!this.open) return;
    this.flush();
    closeSync(this.fd);
    this.open = false;
  }

  remove(): void {
    if (this.open) closeSync(this.fd);
    this.open = false;
    rmSync(this.path, { force: true });
  }

  private flush(): void {
    if (this.filled > 0) writeAll(this.fd, this.buffer.subarray(0, this.filled));
    this.filled = 0;
  }
}

function writeAll(fd: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
}
