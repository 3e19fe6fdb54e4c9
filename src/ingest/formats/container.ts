import { inputError } from '../../errors.js';
import { SourceBytes, type SourceFile, startOf } from '../source-bytes.js';

export type Container =
  | { kind: 'text' | 'json' | 'ndjson'; gzip: boolean }
  | { kind: 'xlsx' | 'parquet' | 'arrow-file' | 'arrow-stream' };

const startsWith = (bytes: Buffer, ...magic: number[]) => magic.every((b, i) => bytes[i] === b);

/** What kind of file it is, by its content; the name only tells CSV from JSON lines where the content allows both. */
export async function sniffContainer(file: SourceFile): Promise<Container> {
  let start: Buffer;
  try {
    start = await startOf(file, 4096);
  } catch (error) {
    throw unreadable(file, error);
  }
  const gzip = startsWith(start, 0x1f, 0x8b);
  if (gzip) {
    for await (const chunk of new SourceBytes(file, true).chunks()) {
      start = chunk.subarray(0, 4096);
      break;
    }
  } else {
    const kind = binaryKind(start, file);
    if (kind) return { kind };
  }
  return { kind: textKind(start, file), gzip };
}

function binaryKind(start: Buffer, file: SourceFile): 'xlsx' | 'parquet' | 'arrow-file' | 'arrow-stream' | undefined {
  if (startsWith(start, 0x50, 0x4b, 3, 4) || startsWith(start, 0x50, 0x4b, 5, 6)) return 'xlsx';
  if (start.subarray(0, 4).toString('latin1') === 'PAR1') return 'parquet';
  if (start.subarray(0, 6).toString('latin1') === 'ARROW1') return 'arrow-file';
  // A continuation mark, then the length of a schema message.
  if (startsWith(start, 0xff, 0xff, 0xff, 0xff) && start.length >= 8 && start.readInt32LE(4) > 0) return 'arrow-stream';
  if (startsWith(start, 0xd0, 0xcf, 0x11, 0xe0)) {
    throw inputError({
      what: 'this is an old Excel workbook (.xls), or a workbook protected with a password',
      where: { file: file.name },
      why: 'bidui reads the format that Excel has written since 2007 (.xlsx)',
      fix: 'Open it in Excel or WPS and save it as .xlsx without a password, or as "CSV UTF-8".',
    });
  }
  return undefined;
}

function textKind(start: Buffer, file: SourceFile): 'text' | 'json' | 'ndjson' {
  // Enough for the first signs of JSON and HTML, which are ASCII: UTF-16 loses its NULs, GB18030 becomes noise.
  const text = start
    .toString('latin1')
    .replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '')
    .replaceAll('\0', '');
  const first = text.trimStart();
  if (/^<(!doctype|html|table|\?xml|head|body|meta|style|div)/i.test(first)) {
    throw inputError({
      what: 'this is a web page or XML, whatever its name says',
      where: { file: file.name },
      why: 'some systems export an HTML table under the name .xls',
      fix: 'Open it in Excel or WPS and save it as .xlsx or "CSV UTF-8".',
    });
  }
  if (/^\[\s*([[{\]"]|$)/.test(first))
    return /\.(csv|tsv|txt)(\.gz)?$/i.test(file.name) && !/^\[\s*[{\]]/.test(first) ? 'text' : 'json';
  if (/^\{\s*["}]/.test(first)) return 'ndjson';
  return /\.(ndjson|jsonl)(\.gz)?$/i.test(file.name) ? 'ndjson' : /\.json(\.gz)?$/i.test(file.name) ? 'json' : 'text';
}

function unreadable(file: SourceFile, error: unknown) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const why: Record<string, string> = {
    ENOENT: 'there is no such file',
    EACCES: 'permission denied',
    EISDIR: 'it is a directory',
  };
  return inputError({
    what: 'the file cannot be opened',
    where: { file: file.name },
    why: why[code] ?? (error instanceof Error ? error.message : String(error)),
    fix: 'Check that the file is there and that bidui may read it.',
  });
}
