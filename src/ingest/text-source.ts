import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { inputError } from '../errors.js';
import {
  type ByteCheck,
  type EncodingGuess,
  encodingCandidates,
  Gb18030Check,
  PLAUSIBLE_SHARE,
  PRIVATE_USE_SHARE,
  Utf8Check,
} from './encoding.js';
import { CHUNK_BYTES } from './limits.js';
import { type Digest, firstBytes, SourceBytes, type SourceFile } from './source-bytes.js';
import { SpoolFile } from './spool-file.js';

export interface TextHead {
  text: string;
  /** The head is the whole file. */
  complete: boolean;
  encoding: EncodingGuess;
  /** The file itself can be read as UTF-8; no spool will be made. */
  direct: boolean;
}

/** Takes the text as UTF-8 bytes while it passes. */
export interface TextSink {
  push(utf8: Uint8Array): void;
}

export interface TextSource {
  /** A UTF-8 file: the source itself, or a spool that `remove` deletes. */
  path: string;
  spooled: boolean;
  encoding: { name: string; reason: string };
  digest: Digest;
  notes: string[];
}

/** A reader's view of a text: it sees the head first, then takes the whole. Called again when the encoding changes. */
export type TextPlan<S extends TextSink> = (head: TextHead) => S;

/**
 * Reads a text file once from end to end, finding its encoding on the way. The text is offered to the plan's sink and
 * is left as a UTF-8 file for the engine. An encoding is only accepted for the whole file.
 */
export async function readText<S extends TextSink>(
  file: SourceFile,
  o: { gzip: boolean; spool: string },
  plan: TextPlan<S>,
  /** The plan just made was for the wrong encoding. */
  discard: () => Promise<void> = async () => {},
): Promise<{ source: TextSource; sink: S; head: TextHead }> {
  const { bytes: start, complete } = await firstBytes(file, o.gzip);
  refuseBinary(start, file);
  let utf8Fault: BytePlace | undefined;
  for (const encoding of encodingCandidates(start)) {
    if (encoding.name === 'utf-8' && !headIsUtf8(start, complete)) {
      const check = new Utf8Check();
      const offset = check.push(start) ?? check.end() ?? 0;
      utf8Fault = { offset, line: lineAt(start, offset) };
      if (encoding.bom > 0) throw notWhatItsMarkSays(file, 'UTF-8', utf8Fault);
      continue;
    }
    const head: TextHead = {
      text: decodeHead(start, encoding, complete),
      complete,
      encoding,
      direct: encoding.name === 'utf-8' && !o.gzip,
    };
    const sink = plan(head);
    const passed = await pass(file, o, encoding, head.direct, sink);
    if ('digest' in passed) {
      const source: TextSource = {
        path: head.direct ? file.path : o.spool,
        spooled: !head.direct,
        encoding: { name: encoding.name, reason: '' },
        digest: passed.digest,
        notes: [],
      };
      try {
        source.encoding.reason = await explain(file, o, encoding, passed.check, utf8Fault, source.notes);
      } catch (error) {
        await rm(o.spool, { force: true });
        throw error;
      }
      const note = nameClaimsAnother(file.name, encoding);
      if (note) source.notes.push(note);
      return { source, sink, head };
    }
    await discard();
    await rm(o.spool, { force: true });
    const fault = { offset: passed.offset, line: await lineOf(file, o.gzip, passed.offset) };
    if (encoding.bom > 0) throw notWhatItsMarkSays(file, encoding.name.toUpperCase(), fault);
    if (encoding.name === 'utf-8') utf8Fault = fault;
    else if (encoding.name !== 'gb18030') throw unknownEncoding(file, utf8Fault ?? fault, undefined);
    else {
      const foreign = await utf8Line(file, o.gzip, [fault.line]);
      throw foreign ? mixed(file, utf8Fault ?? fault, foreign) : unknownEncoding(file, utf8Fault ?? fault, fault);
    }
  }
  throw unknownEncoding(file, utf8Fault ?? { offset: 0, line: 1 }, undefined);
}

function headIsUtf8(start: Buffer, complete: boolean): boolean {
  const check = new Utf8Check();
  return check.push(start) === undefined && (!complete || check.end() === undefined);
}

function decodeHead(start: Buffer, encoding: EncodingGuess, complete: boolean): string {
  const decoder = new TextDecoder(encoding.name);
  // `stream` leaves out the character that the end of the head cuts in two.
  return decoder.decode(start, { stream: !complete });
}

async function pass(
  file: SourceFile,
  o: { gzip: boolean; spool: string },
  encoding: EncodingGuess,
  direct: boolean,
  sink: TextSink,
): Promise<{ digest: Digest; check?: ByteCheck } | { offset: number }> {
  const source = new SourceBytes(file, o.gzip);
  const check =
    encoding.name === 'utf-8' ? new Utf8Check() : encoding.name === 'gb18030' ? new Gb18030Check() : undefined;
  const decoder = encoding.name.startsWith('utf-16') ? new TextDecoder(encoding.name, { fatal: true }) : undefined;
  const out = direct ? undefined : new SpoolFile(o.spool);
  let skip = encoding.bom;
  let offset = 0;
  try {
    for await (const raw of source.chunks()) {
      const fault = check?.push(raw);
      if (fault !== undefined) return { offset: fault };
      let text: Buffer = check instanceof Gb18030Check ? check.text : raw;
      if (decoder) {
        const decoded = tryDecode(decoder, raw);
        if (decoded === undefined) return { offset };
        text = Buffer.from(decoded, 'utf8');
      } else if (skip > 0) {
        text = text.subarray(skip);
        skip = 0;
      }
      offset += raw.length;
      sink.push(text);
      out?.write(text);
    }
    const fault = check?.end();
    if (fault !== undefined) return { offset: fault };
    if (decoder && tryDecode(decoder, undefined) === undefined) return { offset };
    return { digest: source.digest(), check };
  } finally {
    out?.close();
  }
}

function tryDecode(decoder: TextDecoder, chunk: Uint8Array | undefined): string | undefined {
  try {
    return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
  } catch {
    return undefined;
  }
}

/** Why the encoding is believed, or a refusal where it is valid but not believable. */
async function explain(
  file: SourceFile,
  o: { gzip: boolean },
  encoding: EncodingGuess,
  check: ByteCheck | undefined,
  utf8Fault: BytePlace | undefined,
  notes: string[],
): Promise<string> {
  if (encoding.bom > 0) return 'byte-order mark';
  if (encoding.name === 'utf-8') return 'valid UTF-8 throughout';
  if (!(check instanceof Gb18030Check)) return 'a NUL beside every ASCII character, valid throughout';
  const at = utf8Fault ?? { offset: 0, line: 1 };
  const percent = `${(Math.floor(check.share * 1000) / 10).toFixed(1)}%`;
  const privateUse = check.privateUse / Math.max(1, check.multi);
  if (check.share < PLAUSIBLE_SHARE || privateUse > PRIVATE_USE_SHARE) {
    throw inputError({
      what: 'the encoding cannot be told',
      where: { file: file.name, line: at.line },
      why:
        `byte ${at.offset} is not UTF-8, and read as GB18030 only ${percent} of the characters are common ones` +
        (privateUse > PRIVATE_USE_SHARE ? ` and ${check.privateUse} are private-use` : ''),
      fix: ENCODING_ADVICE,
    });
  }
  const foreign = await utf8Line(file, o.gzip, check.oddLines);
  if (foreign) throw mixed(file, at, foreign);
  if (check.privateUse > 0) {
    notes.push(`${check.privateUse} private-use characters (造字) were kept as they are; they may not match elsewhere`);
  }
  return `not UTF-8 at byte ${at.offset} (line ${at.line}); valid GB18030, ${percent} common hanzi`;
}

/** The first of the suspected lines that is really UTF-8. */
async function utf8Line(
  file: SourceFile,
  gzip: boolean,
  suspects: readonly number[],
): Promise<{ line: number; offset: number } | undefined> {
  if (suspects.length === 0) return undefined;
  const wanted = new Set(suspects);
  const last = suspects.at(-1)!;
  let line = 1;
  let chunkAt = 0;
  let lineAtByte = 0;
  let parts: Buffer[] = [];
  for await (const chunk of new SourceBytes(file, gzip).chunks()) {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(10, from);
      if (wanted.has(line)) parts.push(chunk.subarray(from, end < 0 ? chunk.length : end));
      if (end < 0) break;
      if (wanted.has(line) && hasUtf8Hanzi(Buffer.concat(parts))) return { line, offset: lineAtByte };
      parts = [];
      line++;
      from = end + 1;
      lineAtByte = chunkAt + from;
      if (line > last) return undefined;
    }
    chunkAt += chunk.length;
  }
  return wanted.has(line) && hasUtf8Hanzi(Buffer.concat(parts)) ? { line, offset: lineAtByte } : undefined;
}

/** Several hanzi in a row that are valid UTF-8 do not happen by chance in GB18030. */
function hasUtf8Hanzi(line: Buffer): boolean {
  return isUtf8(line) && /[\u4e00-\u9fff\u3000-\u303f\uff00-\uffef]{3}/.test(line.toString('utf8'));
}

const ENCODING_ADVICE = 'Open it in the program it came from and save it as "CSV UTF-8", or send the .xlsx.';

interface BytePlace {
  offset: number;
  line: number;
}

function mixed(file: SourceFile, gb: BytePlace, utf8: BytePlace) {
  return inputError({
    what: 'the file mixes encodings',
    where: { file: file.name, line: utf8.line },
    why: `line ${utf8.line} (from byte ${utf8.offset}) is UTF-8, while line ${gb.line} (byte ${gb.offset}) is not`,
    fix: 'It was probably put together from several files: convert each to UTF-8 before joining them.',
  });
}

function unknownEncoding(file: SourceFile, utf8: BytePlace, gb: BytePlace | undefined) {
  return inputError({
    what: 'the text is neither UTF-8 nor GB18030/GBK',
    where: { file: file.name, line: utf8.line },
    why:
      `byte ${utf8.offset} (line ${utf8.line}) is not UTF-8` +
      (gb ? `, and byte ${gb.offset} (line ${gb.line}) is not GB18030; encodings may be mixed` : ''),
    fix: ENCODING_ADVICE,
  });
}

function notWhatItsMarkSays(file: SourceFile, mark: string, at: BytePlace) {
  return inputError({
    what: `the file starts with the byte-order mark of ${mark}, but is not ${mark} throughout`,
    where: { file: file.name, line: at.line },
    why: `byte ${at.offset} does not belong to ${mark}; encodings may be mixed`,
    fix: ENCODING_ADVICE,
  });
}

/** The encoding that a file's name speaks of. */
export const claimedEncoding = (name: string): string | undefined =>
  /utf-?8/i.test(name) ? 'utf-8' : /gbk|gb2312|gb18030/i.test(name) ? 'gb18030' : undefined;

function nameClaimsAnother(name: string, encoding: EncodingGuess): string | undefined {
  const claims = claimedEncoding(name);
  if (!claims || claims === encoding.name) return undefined;
  return `the file name says ${claims}, but the content is ${encoding.name}; read as ${encoding.name}`;
}

function refuseBinary(start: Buffer, file: SourceFile): void {
  if (encodingCandidates(start).length === 1) return;
  let nuls = 0;
  for (const b of start) if (b === 0) nuls++;
  if (nuls * 20 <= start.length) return;
  throw inputError({
    what: 'this is not a text file',
    where: { file: file.name },
    why: `${nuls} of its first ${start.length} bytes are NUL`,
    fix: 'bidui reads CSV, TSV, XLSX, JSON, NDJSON, Parquet and Arrow files.',
  });
}

function lineAt(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let i = bytes.indexOf(10); i >= 0 && i < offset; i = bytes.indexOf(10, i + 1)) line++;
  return line;
}

async function lineOf(file: SourceFile, gzip: boolean, offset: number): Promise<number> {
  let line = 1;
  let seen = 0;
  for await (const chunk of new SourceBytes(file, gzip).chunks()) {
    line += lineAt(chunk, offset - seen) - 1;
    seen += chunk.length;
    if (seen > offset) break;
  }
  return line;
}

/** Kept here so that every reader of text spools opens them alike. */
export const openUtf8 = (path: string) => createReadStream(path, { highWaterMark: CHUNK_BYTES });
