import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Session } from '../engine/engine.js';
import { sniffContainer } from './formats/container.js';
import { readCsv } from './formats/csv.js';
import { readJson } from './formats/json.js';
import { readParquet } from './formats/parquet.js';
import type { Expectation, RawTable } from './raw-table.js';
import { inHand, type SourceFile } from './source-bytes.js';

export interface ReadOptions {
  /** Qualified name of the table to create. */
  table: string;
  /** An existing directory for temporary files; nothing is left in it. */
  tempDir: string;
}

/**
 * Turns one file into a table of text cells. What the user can mend is thrown as a BiduiError with a place and advice.
 * Libraries that only some formats need are loaded with the first such file, while the engine reads others.
 */
export async function readFile(
  session: Session,
  named: SourceFile,
  expect: Expectation,
  o: ReadOptions,
): Promise<RawTable> {
  const file = await inHand(named);
  const container = await sniffContainer(file);
  const spool = join(o.tempDir, `read-${randomUUID()}`);
  switch (container.kind) {
    case 'text':
      return readCsv(session, file, expect, { table: o.table, spool, gzip: container.gzip });
    case 'json':
    case 'ndjson':
      return readJson(session, file, {
        table: o.table,
        spool,
        gzip: container.gzip,
        lines: container.kind === 'ndjson',
      });
    case 'xlsx':
      return (await import('./formats/xlsx/read-xlsx.js')).readXlsx(session, file, expect, { table: o.table, spool });
    case 'parquet':
      return readParquet(session, file, { table: o.table });
    case 'arrow-file':
    case 'arrow-stream':
      return (await import('./formats/arrow.js')).readArrow(session, file, {
        table: o.table,
        spool,
        stream: container.kind === 'arrow-stream',
      });
  }
}

/** The sheets of a workbook that have every required header; undefined where the file is no workbook. */
export async function sheetsOf(file: SourceFile, expect: Expectation, tempDir: string): Promise<string[] | undefined> {
  if ((await sniffContainer(file)).kind !== 'xlsx') return undefined;
  const { headedSheets } = await import('./formats/xlsx/headed-sheets.js');
  return headedSheets(file, expect, join(tempDir, `sheets-${randomUUID()}`));
}
