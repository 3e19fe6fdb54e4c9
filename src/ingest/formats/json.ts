import { rm } from 'node:fs/promises';
import type { Sql } from '../../engine/dialect.js';
import type { Session } from '../../engine/engine.js';
import { BiduiError, inputError } from '../../errors.js';
import { isBlank } from '../body-rows.js';
import { LIMITS } from '../limits.js';
import type { RawTable } from '../raw-table.js';
import type { SourceFile } from '../source-bytes.js';
import { SpoolFile } from '../spool-file.js';
import { openUtf8, readText, type TextSink } from '../text-source.js';
import { nothingIn } from './csv.js';

export interface JsonOptions {
  table: string;
  spool: string;
  gzip: boolean;
  /** One object a line, instead of an array of objects. */
  lines: boolean;
}

/** Counts lines and looks for what no JSON reader could hold. */
class LineSurvey implements TextSink {
  lines = 0;
  blank = true;
  private length = 0;
  private lineBlank = true;

  constructor(
    private readonly file: SourceFile,
    private readonly limited: boolean,
  ) {}

  push(bytes: Uint8Array): void {
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(10, from);
      const until = end < 0 ? bytes.length : end;
      this.length += until - from;
      if (this.lineBlank) this.lineBlank = !hasInk(bytes, from, until);
      if (this.limited && this.length > LIMITS.jsonObjectBytes) {
        throw inputError({
          what: 'a line is too long to be one JSON object',
          where: { file: this.file.name, line: this.lines + 1 },
          why: `it has more than ${LIMITS.jsonObjectBytes} bytes`,
          fix: 'Write one object a line, or an array of objects.',
        });
      }
      if (end < 0) return;
      this.endLine();
      from = end + 1;
    }
  }

  private endLine(): void {
    this.lines++;
    if (!this.lineBlank) this.blank = false;
    this.length = 0;
    this.lineBlank = true;
  }

  end(): void {
    if (this.length > 0) this.endLine();
  }
}

function hasInk(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i]! > 32) return true;
  return false;
}

/** JSON of either kind as text cells: columns are the union of the keys, nested values stay JSON. */
export async function readJson(session: Session, file: SourceFile, o: JsonOptions): Promise<RawTable> {
  const spool = `${o.spool}.utf8`;
  const objects = `${o.table.replace(/"?$/, (q) => `__objects${q}`)}`;
  try {
    const { source, sink } = await readText(file, { gzip: o.gzip, spool }, () => new LineSurvey(file, o.lines));
    sink.end();
    if (sink.blank) throw nothingIn(file);
    const row = o.lines
      ? await loadLinesExactly(session, objects, source.path, sink.lines, `${o.spool}.lines`)
      : await loadArray(session, objects, source.path, file);
    const d = session.dialect;
    // A blank line is a blank row; anything else that is not an object cannot be split into cells.
    const isBlankLine = `(text IS NULL OR trim(text, ${d.text(' \t\r\n\ufeff')}) = '')`;
    const isObject = `coalesce(CASE WHEN json_valid(text) THEN json_type(text) = 'OBJECT' END, false)`;
    const isBroken = `NOT ${isBlankLine} AND NOT ${isObject}`;
    const [found] = await session.rows<{ n: number; blank: number; bad: number }>(
      `SELECT count(*) AS n, ${d.countIf(isBlankLine)} AS blank, ${d.countIf(isBroken)} AS bad FROM ${objects}`,
    );
    const blank = Number(found?.blank ?? 0);
    const total = Number(found?.n ?? 0) - blank;
    const badCount = Number(found?.bad ?? 0);
    if (badCount > LIMITS.malformed || (badCount === total && total > 0)) {
      const [first] = await session.rows<{ row: number }>(
        `SELECT min(${row}) AS ${d.ident('row')} FROM ${objects} WHERE ${isBroken}`,
      );
      throw inputError({
        what: o.lines ? 'the lines are not JSON objects' : 'the array does not hold objects',
        where: { file: file.name, row: first?.row },
        why: `${badCount} of ${total} ${o.lines ? 'lines are not' : 'elements are not'} a whole object`,
        fix: 'Write an array of objects, or one whole object a line.',
      });
    }
    const malformed =
      badCount === 0
        ? []
        : await session.rows<RawTable['malformed'][number]>(
            `SELECT ${row} AS row, substr(text, 1, ${LIMITS.malformedText}) AS text, ` +
              `CASE WHEN json_valid(text) THEN 'not_an_object' ELSE 'broken_json' END AS reason ` +
              `FROM ${objects} WHERE ${isBroken} ORDER BY 1`,
          );
    const whole = `(SELECT ${row} AS _row, text FROM ${objects}${blank + badCount > 0 ? ` WHERE ${isObject}` : ''}) AS objects`;
    const headers = await keysInOrder(session, whole, file);
    const cells = headers.map((key, i) => `nullif(json_extract_string(text, ${d.text(pointer(key))}), '') AS c${i}`);
    const names = headers.map((_, i) => `c${i}`);
    const [kept] = await session.rows<{ Count: number }>(
      `CREATE TABLE ${o.table} AS SELECT * FROM (SELECT ${['_row', ...cells].join(', ')} FROM ${whole}) AS cells WHERE NOT ${isBlank(names, d)}`,
    );
    const blankObjects = total - badCount - Number(kept?.Count ?? 0);
    return {
      table: o.table,
      headers,
      format: o.lines ? 'ndjson' : 'json',
      encoding: source.encoding,
      ...source.digest,
      counts: { data: total - blankObjects, title: 0, header: 0, blank: blankObjects + blank, footer: 0 },
      malformed,
      notes: source.notes,
    };
  } catch (error) {
    await session.run(`DROP TABLE IF EXISTS ${o.table}`);
    throw error;
  } finally {
    await session.run(`DROP TABLE IF EXISTS ${objects}`);
    await rm(spool, { force: true });
  }
}

const SEPARATOR = 0x1f;

/** The number of a row that was loaded in the order of the file, of a table of which none was deleted. */
const PLACE = 'rowid + 1';

/** Every line as it stands. The separator is a character that JSON cannot hold unescaped. */
async function loadLines(session: Session, table: string, path: string, numbered: boolean): Promise<number> {
  const d = session.dialect;
  const [made] = await session.rows<{ Count: number }>(
    `CREATE TABLE ${table} AS SELECT * FROM read_csv(${d.text(path)}, ` +
      `columns = {${numbered ? `'_row': 'BIGINT', ` : ''}'text': 'VARCHAR'}, ` +
      `auto_detect = false, header = false, delim = '\u001f', quote = '', escape = '', strict_mode = false, ` +
      `parallel = false, max_line_size = ${LIMITS.jsonObjectBytes + 1000})`,
  );
  return Number(made?.Count ?? 0);
}

/** Lines as the engine reads them where that agrees with our count; numbered by us where their ends are mixed. Answers how to ask for their numbers. */
async function loadLinesExactly(
  session: Session,
  table: string,
  path: string,
  lines: number,
  spoolPath: string,
): Promise<Sql> {
  try {
    if ((await loadLines(session, table, path, false)) === lines) return PLACE;
  } catch {
    // A separator within a line; below it is made another character that no JSON holds.
  }
  await session.run(`DROP TABLE IF EXISTS ${table}`);
  const spool = new SpoolFile(spoolPath);
  try {
    let line = 1;
    let atStart = true;
    for await (const chunk of openUtf8(path)) {
      const bytes = chunk as Buffer;
      for (let from = 0; from < bytes.length; ) {
        const end = bytes.indexOf(10, from);
        const piece = bytes.subarray(from, end < 0 ? bytes.length : end);
        if (atStart) spool.write(Buffer.from(`${line}\u001f`));
        spool.write(piece.map((b) => (b === 13 ? 32 : b === SEPARATOR || b === 0 ? 1 : b)));
        atStart = end >= 0;
        if (end >= 0) {
          spool.writeText('\n');
          line++;
        }
        from = end < 0 ? bytes.length : end + 1;
      }
    }
    spool.close();
    await loadLines(session, table, spoolPath, true);
    return '_row';
  } finally {
    spool.remove();
  }
}

/** Answers how to ask for the numbers of the elements. */
async function loadArray(session: Session, table: string, path: string, file: SourceFile): Promise<Sql> {
  const d = session.dialect;
  try {
    await session.run(
      `CREATE TABLE ${table} AS SELECT CAST(json AS VARCHAR) AS text FROM read_json_objects(${d.text(path)}, ` +
        `format = 'array', maximum_object_size = ${LIMITS.jsonObjectBytes})`,
    );
  } catch (error) {
    if (error instanceof BiduiError) throw error;
    throw brokenArray(error, file);
  }
  return PLACE;
}

function brokenArray(error: unknown, file: SourceFile): BiduiError {
  const message = error instanceof Error ? error.message : String(error);
  const byte = /at byte (\d+)/.exec(message)?.[1];
  // DuckDB counts the opening bracket as the first value.
  const value = /in record\/value (\d+)/.exec(message)?.[1];
  const element = value ? Math.max(1, Number(value) - 1) : undefined;
  const detail = /:\s*([^:"]+?)\.?\s*(?:Try|$)/.exec(message.split('\n')[0] ?? '')?.[1];
  const tooBig = /maximum_object_size/.test(message);
  return inputError({
    what: tooBig ? 'a JSON object is too large' : 'the JSON is broken',
    where: { file: file.name, row: element },
    why: tooBig
      ? `one object has more than ${LIMITS.jsonObjectBytes} bytes`
      : [element ? `element ${element} of the array, at its byte ${byte}` : '', detail ?? 'the array does not end']
          .filter(Boolean)
          .join(': '),
    fix: 'Transfer the file again; a cut-off file is the usual cause.',
  });
}

/** Keys of all objects, in the order in which they first appear. */
async function keysInOrder(session: Session, objects: string, file: SourceFile): Promise<string[]> {
  const keys = await session.rows<{ key: string }>(
    `SELECT key FROM (SELECT _row, unnest(json_keys(text)) AS key, generate_subscripts(json_keys(text), 1) AS place ` +
      `FROM ${objects}) GROUP BY key ORDER BY min(_row * 100000 + place), key LIMIT ${LIMITS.columns + 1}`,
  );
  if (keys.length > LIMITS.columns) {
    throw inputError({
      what: `the objects have more than ${LIMITS.columns} different keys`,
      where: { file: file.name },
      why: 'no extract has so many columns; identifiers may have been used as keys',
      fix: 'Write each enterprise as an object of its own, with the field names as keys.',
    });
  }
  return keys.map((k) => k.key);
}

const pointer = (key: string) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
