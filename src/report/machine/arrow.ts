import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import {
  Bool,
  type Data,
  type DataType,
  DateDay,
  Field,
  Int64,
  makeBuilder,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Utf8,
} from 'apache-arrow';
import type { Cell, Session } from '../../engine/engine.js';
import type { MachineColumn, MachineType } from './columns.js';

const BATCH = 10_000;

const TYPES: Record<MachineType, () => DataType> = {
  text: () => new Utf8(),
  date: () => new DateDay(),
  int: () => new Int64(),
  bool: () => new Bool(),
};

/** What a builder of the type takes. */
const VALUE: Record<MachineType, (x: Exclude<Cell, null>) => unknown> = {
  text: (x) => x,
  date: (x) => new Date(`${x}T00:00:00Z`),
  int: (x) => BigInt(x),
  bool: (x) => x,
};

/** An Arrow IPC file, batch by batch, so that memory does not grow with the number of rows. `_order` counts them from 1. */
export async function writeArrow(
  session: Session,
  columns: readonly MachineColumn[],
  table: string,
  path: string,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  const schema = new Schema(
    columns.map((c) => new Field(c.id, TYPES[c.type](), true)),
    new Map(Object.entries(metadata)),
  );
  const writer = new RecordBatchFileWriter();
  const file = createWriteStream(path);
  const done = finished(Readable.from(writer, { objectMode: false }).pipe(file));
  // A full disk is told where it is awaited, not as a fault that nobody caught.
  done.catch(() => {});
  writer.reset(undefined, schema);
  const select = `SELECT ${columns.map((c) => session.dialect.ident(c.id)).join(', ')} FROM ${table}`;
  for (let from = 0; ; from += BATCH) {
    const rows = await session.rows(`${select} WHERE _order > ${from} AND _order <= ${from + BATCH} ORDER BY _order`);
    if (rows.length > 0 || from === 0) writer.write(batch(schema, columns, rows));
    if (rows.length < BATCH) break;
  }
  writer.finish();
  await done;
}

function batch(schema: Schema, columns: readonly MachineColumn[], rows: readonly Record<string, Cell>[]): RecordBatch {
  const children: Data[] = columns.map((c, i) => {
    const builder = makeBuilder({ type: schema.fields[i]!.type, nullValues: [null, undefined] });
    for (const row of rows) {
      const x = row[c.id] ?? null;
      builder.append(x === null ? null : VALUE[c.type](x));
    }
    return builder.finish().flush();
  });
  return new RecordBatch(
    schema,
    makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children }),
  );
}
