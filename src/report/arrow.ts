import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import {
  type Data,
  Field,
  Int32,
  makeBuilder,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Utf8,
} from 'apache-arrow';
import type { Session } from '../engine/engine.js';

const BATCH = 10_000;
/** Row numbers are numbers; everything else is text. */
const NUMBERS = new Set(['a_row', 'b_row']);

/** An Arrow IPC file, batch by batch, so that memory does not grow with the number of rows. `_order` counts them from 1. */
export async function writeArrow(
  session: Session,
  columns: readonly string[],
  table: string,
  path: string,
): Promise<void> {
  const schema = new Schema(columns.map((name) => new Field(name, NUMBERS.has(name) ? new Int32() : new Utf8(), true)));
  const writer = new RecordBatchFileWriter();
  const file = createWriteStream(path);
  const done = finished(writer.toNodeStream().pipe(file));
  // A full disk is told where it is awaited, not as a fault that nobody caught.
  done.catch(() => {});
  writer.reset(undefined, schema);
  const select = `SELECT ${columns.map(session.dialect.ident).join(', ')} FROM ${table}`;
  for (let from = 0; ; from += BATCH) {
    const rows = await session.rows<Record<string, string | number | null>>(
      `${select} WHERE _order > ${from} AND _order <= ${from + BATCH} ORDER BY _order`,
    );
    if (rows.length > 0 || from === 0) writer.write(batch(schema, rows));
    if (rows.length < BATCH) break;
  }
  writer.finish();
  await done;
}

function batch(schema: Schema, rows: readonly Record<string, string | number | null>[]): RecordBatch {
  const children: Data[] = schema.fields.map((field) => {
    const builder = makeBuilder({ type: field.type, nullValues: [null, undefined] });
    for (const row of rows) builder.append(row[field.name] ?? null);
    return builder.finish().flush();
  });
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children }),
  );
}
