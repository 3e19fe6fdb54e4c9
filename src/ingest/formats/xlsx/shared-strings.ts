import { closeSync, openSync, readSync, rmSync } from 'node:fs';
import { SpoolFile } from '../../spool-file.js';
import type { Archive } from './archive.js';
import { parseXml } from './xml.js';

/** Text kept in memory before the rest goes to disk: 32 million characters. */
const IN_MEMORY = 32 * 1024 * 1024;
const BLOCK = 64 * 1024;
const BLOCKS = 256;

/** The texts that cells point at. What does not fit in a fixed amount of memory waits on disk, read by blocks. */
export class SharedStrings {
  private readonly texts: string[] = [];
  private characters = 0;
  private spilled: SpoolFile | undefined;
  private offsets: number[] = [];
  private end = 0;
  private fd: number | undefined;
  private readonly blocks = new Map<number, Buffer>();

  constructor(
    private readonly spillPath: string,
    private readonly memory = IN_MEMORY,
  ) {}

  static async read(archive: Archive, part: string | undefined, spillPath: string): Promise<SharedStrings> {
    const strings = new SharedStrings(spillPath);
    if (!part || !archive.has(part)) return strings;
    let text = '';
    let inText = false;
    let phonetic = false;
    await parseXml(await archive.read(part), {
      open(name) {
        if (name === 'si') text = '';
        else if (name === 'rPh') phonetic = true;
        else if (name === 't') inText = !phonetic;
      },
      text(piece) {
        if (inText) text += piece;
      },
      close(name) {
        if (name === 't') inText = false;
        else if (name === 'rPh') phonetic = false;
        else if (name === 'si') strings.add(unescapeXlsx(text));
      },
    });
    strings.ready();
    return strings;
  }

  add(text: string): void {
    if (!this.spilled && this.characters + text.length <= this.memory) {
      this.texts.push(text);
      this.characters += text.length;
      return;
    }
    this.spilled ??= new SpoolFile(this.spillPath);
    const bytes = Buffer.from(text, 'utf8');
    this.offsets.push(this.end);
    this.end += bytes.length;
    this.spilled.write(bytes);
  }

  ready(): void {
    if (!this.spilled) return;
    this.spilled.close();
    this.fd = openSync(this.spillPath, 'r');
  }

  get(index: number): string | undefined {
    if (index < this.texts.length) return this.texts[index];
    const spilled = index - this.texts.length;
    const from = this.offsets[spilled];
    if (from === undefined) return undefined;
    return this.bytes(from, this.offsets[spilled + 1] ?? this.end).toString('utf8');
  }

  remove(): void {
    if (this.fd !== undefined) closeSync(this.fd);
    this.fd = undefined;
    this.spilled?.remove();
    rmSync(this.spillPath, { force: true });
  }

  private bytes(from: number, to: number): Buffer {
    const parts: Buffer[] = [];
    for (let at = from; at < to; ) {
      const number = Math.floor(at / BLOCK);
      const block = this.block(number);
      const start = at - number * BLOCK;
      const part = block.subarray(start, Math.min(block.length, start + to - at));
      parts.push(part);
      at += part.length;
    }
    return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
  }

  private block(number: number): Buffer {
    const known = this.blocks.get(number);
    if (known) return known;
    const start = number * BLOCK;
    const block = Buffer.alloc(Math.min(BLOCK, this.end - start));
    for (let done = 0; done < block.length; )
      done += readSync(this.fd!, block, done, block.length - done, start + done);
    // Workbooks number texts as they appear, so the oldest block is the one least likely to be asked for again.
    if (this.blocks.size >= BLOCKS) this.blocks.delete(this.blocks.keys().next().value!);
    this.blocks.set(number, block);
    return block;
  }
}

/** `_x000D_` is how a workbook writes characters that XML cannot hold. */
export function unescapeXlsx(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text;
}
