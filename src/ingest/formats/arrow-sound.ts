import { type Data, DataType, type RecordBatch } from 'apache-arrow';

/** A batch says how many rows it has; whether its columns hold so many is for its reader to see. */
export function soundBatch(batch: RecordBatch, fileBytes: number): void {
  // Even a column of nothing but true and false takes a byte for eight rows.
  if (batch.numRows > fileBytes * 8)
    throw new Error(`a batch of ${batch.numRows} rows in a file of ${fileBytes} bytes`);
  for (const child of batch.data.children) {
    if (child.length < batch.numRows) throw new Error(`a column holds ${child.length} of ${batch.numRows} rows`);
    soundData(child, fileBytes);
  }
}

function soundData(data: Data, fileBytes: number): void {
  const type = data.type as DataType;
  const { length, offset, valueOffsets, values } = data;
  if (length > fileBytes * 8) throw new Error(`a column of ${length} values in a file of ${fileBytes} bytes`);
  if (valueOffsets && !DataType.isUnion(type)) soundOffsets(data);
  else if (DataType.isBool(type)) atLeast(values?.length ?? 0, Math.ceil((length + offset) / 8));
  else if (DataType.isFixedSizeList(type)) atLeast(data.children[0]?.length ?? 0, length * type.listSize);
  else if (values && !DataType.isUnion(type) && !DataType.isStruct(type)) atLeast(values.length, length * data.stride);
  for (const child of data.children ?? []) soundData(child, fileBytes);
  for (const part of data.dictionary?.data ?? []) soundData(part, fileBytes);
}

/** Where each text or list begins and ends: forwards, and within what there is. */
function soundOffsets({ type, length, valueOffsets, values, children }: Data): void {
  atLeast(valueOffsets.length, length + 1);
  const end = DataType.isList(type) || DataType.isMap(type) ? (children[0]?.length ?? 0) : (values?.length ?? 0);
  let before = 0;
  for (let i = 0; i <= length && length > 0; i++) {
    const at = Number(valueOffsets[i]);
    if (at < before || at > end) throw new Error('a value begins or ends outside of its column');
    before = at;
  }
}

function atLeast(found: number, wanted: number): void {
  if (found < wanted) throw new Error(`a column holds ${found} of ${wanted} values`);
}
