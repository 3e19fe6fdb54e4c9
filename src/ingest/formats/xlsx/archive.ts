import type { Readable } from 'node:stream';
import * as yauzl from 'yauzl';
import { BiduiError, inputError } from '../../../errors.js';
import { LIMITS } from '../../limits.js';
import type { SourceFile } from '../../source-bytes.js';

/** The parts of a workbook. Names of parts are only ever looked up, never used as paths. */
export class Archive {
  private constructor(
    private readonly zip: yauzl.ZipFile,
    private readonly entries: Map<string, yauzl.Entry>,
    private readonly file: SourceFile,
  ) {}

  static async open(file: SourceFile): Promise<Archive> {
    let zip: yauzl.ZipFile | undefined;
    try {
      zip = await new Promise<yauzl.ZipFile>((resolve, reject) => {
        const options: yauzl.Options = { lazyEntries: true, autoClose: false, validateEntrySizes: true };
        const opened = (error: Error | null, archive?: yauzl.ZipFile) => (archive ? resolve(archive) : reject(error));
        if (file.content) yauzl.fromBuffer(file.content, options, opened);
        else yauzl.open(file.path, options, opened);
      });
      return new Archive(zip, await listEntries(zip, file), file);
    } catch (error) {
      zip?.close();
      throw error instanceof BiduiError ? error : damaged(file, error);
    }
  }

  has(part: string): boolean {
    return this.entries.has(key(part));
  }

  /** Bytes of a part when it is unpacked, as the archive says. */
  size(part: string): number {
    return this.entries.get(key(part))?.uncompressedSize ?? 0;
  }

  async read(part: string): Promise<Readable> {
    const entry = this.entries.get(key(part));
    if (!entry) throw damaged(this.file, new Error(`the part ${part} is missing`));
    return new Promise((resolve, reject) => {
      this.zip.openReadStream(entry, (error, stream) => (stream ? resolve(stream) : reject(damaged(this.file, error))));
    });
  }

  close(): void {
    this.zip.close();
  }
}

/** Part names are case-insensitive and sometimes start with a slash. */
const key = (part: string) => part.replace(/^\/+/, '').toLowerCase();

function listEntries(zip: yauzl.ZipFile, file: SourceFile): Promise<Map<string, yauzl.Entry>> {
  return new Promise((resolve, reject) => {
    const entries = new Map<string, yauzl.Entry>();
    if (zip.entryCount > LIMITS.zipEntries) {
      reject(bomb(file, `it has ${zip.entryCount} parts`));
      return;
    }
    zip.on('entry', (entry: yauzl.Entry) => {
      const size = entry.uncompressedSize;
      if (size > LIMITS.unpackedBytes || (size > LIMITS.suspectBytes && size > LIMITS.ratio * entry.compressedSize)) {
        reject(bomb(file, `the part ${entry.fileName} unpacks from ${entry.compressedSize} to ${size} bytes`));
        return;
      }
      if ((entry.generalPurposeBitFlag & 1) !== 0) {
        reject(
          inputError({
            what: 'the workbook is protected with a password',
            where: { file: file.name },
            fix: 'Save it without a password.',
          }),
        );
        return;
      }
      entries.set(key(entry.fileName), entry);
      zip.readEntry();
    });
    zip.on('end', () => resolve(entries));
    zip.on('error', reject);
    zip.readEntry();
  });
}

function bomb(file: SourceFile, why: string) {
  return inputError({
    what: 'the workbook unpacks to far more than an extract can hold',
    where: { file: file.name },
    why,
    fix: 'Ask the department for the extract again, as CSV if it is really that large.',
  });
}

export function damaged(file: SourceFile, error: unknown): BiduiError {
  if (error instanceof BiduiError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const cut = /end of central directory|unexpected end|unexpected EOF/i.test(message);
  return inputError({
    what: cut ? 'the workbook was cut off: its end is missing' : 'the workbook is damaged',
    where: { file: file.name },
    why: cut ? 'an .xlsx file has its table of contents at its end, and there is none' : message.slice(0, 200),
    fix: 'Transfer the file again and compare its size with the original; if it still fails, open and save it in Excel or WPS.',
  });
}
