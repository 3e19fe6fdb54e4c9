import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { DataType, RecordBatchReader } from 'apache-arrow';
import type { Session } from '../../engine/engine.js';
import { BiduiError, inputError } from '../../errors.js';
import { CHUNK_BYTES } from '../limits.js';
import type { RawTable } from '../raw-table.js';
import { digestFile, type SourceFile } from '../source-bytes.js';
import { SpoolTable } from '../spool-table.js';
import { probeArrow } from './arrow-probe.js';
import { soundBatch } from './arrow-sound.js';
import { numberText } from './number-text.js';

/** An Arrow IPC file or stream, batch by batch. */
export async function readArrow(
  session: Session,
  file: SourceFile,
  o: { table: string; spool: string; stream: boolean },
): Promise<RawTable> {
  const digest = await digestFile(file);
  let handle: FileHandle | undefined;
  let spool: SpoolTable | undefined;
  try {
    await probeArrow(file.path, o.stream, digest.bytes);
    handle = o.stream || file.content ? undefined : await open(file.path, 'r');
    const reader: RecordBatchReader = file.content
      ? RecordBatchReader.from(file.content)
      : handle
        ? await RecordBatchReader.from(handle)
        : await RecordBatchReader.from(createReadStream(file.path, { highWaterMark: CHUNK_BYTES }));
    await reader.open();
    const fields = reader.schema.fields;
    spool = new SpoolTable(`${o.spool}.csv`, {
      header: undefined,
      columns: fields.length,
      requiredColumns: [],
      footers: false,
    });
    let row = 0;
    for await (const batch of reader) {
      soundBatch(batch, digest.bytes);
      const columns = fields.map((_, i) => batch.getChildAt(i));
      for (let r = 0; r < batch.numRows; r++) {
        row++;
        spool.add(
          row,
          columns.map((column, i) => asText(column?.get(r), fields[i]!.type as DataType)),
        );
      }
    }
    const counts = await spool.load(session, o.table);
    return {
      table: o.table,
      headers: fields.map((f) => String(f.name)),
      format: 'arrow',
      ...digest,
      counts,
      malformed: [],
      notes: [],
    };
  } catch (error) {
    if (error instanceof BiduiError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const compressed = /compress|codec|lz4|zstd/i.test(message);
    throw inputError({
      what: compressed ? 'the Arrow file is compressed' : 'the Arrow file cannot be read',
      where: { file: file.name },
      why: compressed
        ? 'bidui reads Arrow without LZ4 or ZSTD compression'
        : `it is cut off or damaged${error instanceof TypeError ? '' : ` (${message.slice(0, 200)})`}`,
      fix: compressed
        ? 'Write it uncompressed, or as Parquet.'
        : 'Transfer the file again and compare its size with the original.',
    });
  } finally {
    spool?.remove();
    await handle?.close().catch(() => {});
  }
}

function asText(value: unknown, type: DataType): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (DataType.isDictionary(type)) return asText(value, type.dictionary as DataType);
  if (DataType.isDate(type)) return new Date(Number(value)).toISOString().slice(0, 10);
  if (DataType.isTimestamp(type)) {
    return new Date(Number(value))
      .toISOString()
      .replace('T', ' ')
      .replace(/( 00:00:00)?\.000Z$|Z$/, '');
  }
  if (DataType.isDecimal(type)) return decimalText(value, type.scale);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'bigint' || typeof value === 'boolean' || typeof value === 'string') return String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  return JSON.stringify(value, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v));
}

/** Little-endian 32-bit words of a two's complement number, and the place of its point. */
function decimalText(value: unknown, scale: number): string {
  const words = value as Uint32Array;
  let n = 0n;
  for (let i = words.length - 1; i >= 0; i--) n = (n << 32n) | BigInt(words[i]! >>> 0);
  n = BigInt.asIntN(words.length * 32, n);
  const sign = n < 0n ? '-' : '';
  const digits = (n < 0n ? -n : n).toString().padStart(scale + 1, '0');
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}
