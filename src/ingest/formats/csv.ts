import { rmSync } from 'node:fs';
import type { Session } from '../../engine/engine.js';
import { BiduiError, inputError } from '../../errors.js';
import { dropFooter, keepBodyRows, trimColumns } from '../body-rows.js';
import { HeaderMatcher } from '../header-names.js';
import { LIMITS } from '../limits.js';
import type { Expectation, RawTable } from '../raw-table.js';
import type { SourceFile } from '../source-bytes.js';
import { SpoolFile } from '../spool-file.js';
import { openUtf8, readText, type TextHead, type TextSink } from '../text-source.js';
import { type SniffedCsv, sniffCsv } from './csv-dialect.js';
import { type CsvLoad, loadCsv } from './csv-load.js';
import { CsvNormaliser, TooManyMalformed } from './csv-normalise.js';
import { CsvFault, CsvRecords, type CsvShape } from './csv-records.js';

export interface CsvOptions {
  table: string;
  /** Prefix of the temporary files of this source. */
  spool: string;
  gzip: boolean;
}

/** What is known of a text once its head was seen, and counted while the whole of it passes. */
interface Survey extends TextSink {
  sniffed: SniffedCsv;
  shape: CsvShape;
  records: CsvRecords;
  /** Loading has begun on the strength of the head alone; answers the rows loaded, or undefined where it failed. */
  early: Promise<number | undefined> | undefined;
}

export async function readCsv(
  session: Session,
  file: SourceFile,
  expect: Expectation,
  o: CsvOptions,
): Promise<RawTable> {
  const matcher = new HeaderMatcher(expect);
  const spool = `${o.spool}.utf8`;
  const normal = `${o.spool}.csv`;
  let early: Promise<unknown> | undefined;
  try {
    const { source, sink } = await explained(file, () =>
      readText(
        file,
        { gzip: o.gzip, spool },
        (head) => {
          const seen = survey(head, matcher, file);
          // The engine's threads read while this one still counts and checks. What it read is thrown away if they differ.
          if (head.direct && !head.complete) {
            seen.early = loadCsv(session, o.table, directly(file.path, seen.shape, !seen.sniffed.quotedNewline)).catch(
              () => undefined,
            );
            early = seen.early;
          }
          return seen;
        },
        async () => {
          await early;
          early = undefined;
          await session.run(`DROP TABLE IF EXISTS ${o.table}`);
        },
      ),
    );
    const { sniffed, shape, records } = sink;
    await explained(file, async () => records.end());
    if (sniffed.empty) throw nothingIn(file);
    let malformed: RawTable['malformed'] = [];
    const notes = [...source.notes];
    const headers = sniffed.header?.headers ?? [];
    const body = {
      header: sniffed.header,
      columns: shape.width,
      requiredColumns: matcher.requiredColumns(headers),
    };
    // A row that may be blank, though it has text, is for the engine to judge.
    const tail = records.faint === 0 ? sniffed.tail : undefined;
    const part = tail && { after: sniffed.header?.last ?? 0, cells: headers.length };
    const asItIs = await loadAsItIs(session, o.table, source.path, sink, part);
    if (!asItIs) {
      const normalised = await explained(file, () => normalise(source.path, normal, shape));
      malformed = normalised.malformed;
      notes.push(...normalised.swallowing.slice(0, 5).map(swallowed));
      await loadNormal(session, file, o.table, normal, shape, records.records - blanks(records) - records.malformed);
    }
    let removed: Awaited<ReturnType<typeof keepBodyRows>>;
    if (asItIs && tail) removed = await dropFooter(session, o.table, tail, body);
    else {
      removed = await keepBodyRows(session, o.table, {
        ...body,
        rows: records.records - blanks(records) - records.malformed,
        mayBeBlank: records.faint > 0,
      });
      await trimColumns(session, o.table, { columns: shape.width, headers });
    }
    const { title, header, footer } = removed;
    const blank = removed.blank + blanks(records);
    return {
      table: o.table,
      headers,
      format: 'csv',
      encoding: source.encoding,
      delimiter: shape.delimiter,
      ...source.digest,
      counts: { data: records.records - title - header - footer - blank, title, header, blank, footer },
      malformed,
      notes,
    };
  } catch (error) {
    await early;
    await session.run(`DROP TABLE IF EXISTS ${o.table}`);
    throw error;
  } finally {
    // Mostly neither was made: to be told so by another thread would take longer than to look.
    rmSync(spool, { force: true });
    rmSync(normal, { force: true });
  }
}

const directly = (path: string, shape: CsvShape, padded: boolean, part?: CsvLoad['part']): CsvLoad => ({
  path,
  dialect: shape,
  width: shape.width,
  numbered: false,
  padded,
  part,
});

const blanks = (records: CsvRecords) => records.blanksInside + records.blanksAtEnd;

function survey(head: TextHead, matcher: HeaderMatcher, file: SourceFile): Survey {
  const sniffed = sniffCsv(head.text, head.complete, matcher);
  if (sniffed.widest > LIMITS.columns) {
    throw inputError({
      what: `a row has ${sniffed.widest} cells or more; no extract has over ${LIMITS.columns} columns`,
      where: { file: file.name },
      why: 'the line ends may have been lost, or this is not a table',
      fix: 'Ask the department for the extract again.',
    });
  }
  const cells = sniffed.header?.headers.length || sniffed.width;
  const shape = { ...sniffed.dialect, cells, width: Math.max(sniffed.width, cells) };
  const records = new CsvRecords(shape, LIMITS);
  return { sniffed, shape, records, early: undefined, push: (bytes) => records.push(bytes) };
}

/** The fast way: DuckDB reads the file itself, or a part of it. Only for a file that both would read alike. */
async function loadAsItIs(
  session: Session,
  table: string,
  path: string,
  s: Survey,
  part: CsvLoad['part'],
): Promise<boolean> {
  const r = s.records;
  const plain =
    r.malformed === 0 &&
    r.blanksInside === 0 &&
    r.wide === 0 &&
    r.uniformLineEnds &&
    !(r.short > 0 && r.quotedNewline) &&
    !(r.quotedNewline && s.shape.width === 1) &&
    !(s.shape.width === 1 && r.blanksAtEnd > 0);
  const expected = r.records - r.blanksAtEnd - (part?.after ?? 0);
  if (s.early) {
    if ((await s.early) === expected && plain) return true;
    await session.run(`DROP TABLE IF EXISTS ${table}`);
  }
  if (!plain) return false;
  try {
    if ((await loadCsv(session, table, directly(path, s.shape, r.short > 0, part))) === expected) return true;
  } catch {
    // Whatever it was that DuckDB did not like, the normal form below has none of it.
  }
  await session.run(`DROP TABLE IF EXISTS ${table}`);
  return false;
}

const swallowed = (s: CsvNormaliser['swallowing'][number]): string =>
  `row ${s.row} (line ${s.line}): a stray quotation mark makes one row of ${s.lines + 1} lines; none of them is loaded`;

async function normalise(path: string, normal: string, shape: CsvShape): Promise<CsvNormaliser> {
  const out = new SpoolFile(normal);
  try {
    const normaliser = new CsvNormaliser(shape, out);
    const records = new CsvRecords(shape, LIMITS, (record) => normaliser.take(record));
    let first = true;
    for await (const chunk of openUtf8(path)) {
      const bytes = chunk as Buffer;
      records.push(first ? withoutBom(bytes) : bytes);
      first = false;
    }
    records.end();
    return normaliser;
  } finally {
    out.close();
  }
}

const withoutBom = (bytes: Buffer) =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;

async function loadNormal(
  session: Session,
  file: SourceFile,
  table: string,
  path: string,
  shape: CsvShape,
  expected: number,
): Promise<void> {
  let why = '';
  try {
    const loaded = await loadCsv(session, table, {
      path,
      dialect: shape,
      width: shape.width,
      numbered: true,
      padded: false,
    });
    if (loaded === expected) return;
    why = `${expected} records were counted, but ${loaded} could be loaded`;
  } catch (error) {
    // The machine's fault, not the file's.
    if (error instanceof BiduiError) throw error;
    why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
  await session.run(`DROP TABLE IF EXISTS ${table}`);
  throw inputError({
    what: 'the rows cannot be read reliably',
    where: { file: file.name },
    why,
    fix: 'Open the file in a spreadsheet program and save it as .xlsx or "CSV UTF-8".',
  });
}

/** Turns what the record scanner met into words. */
async function explained<T>(file: SourceFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TooManyMalformed) {
      throw inputError({
        what: `more than ${LIMITS.malformed} rows cannot be split into cells`,
        where: { file: file.name },
        why: 'their number of cells does not fit the header, or their quotes do not',
        fix: 'Ask the department for the extract again, as .xlsx or with all text in double quotes.',
      });
    }
    if (!(error instanceof CsvFault)) throw error;
    const where = { file: file.name, line: error.line, row: error.record };
    throw error.kind === 'quote_never_closed'
      ? inputError({
          what: 'a quotation mark is opened here and never closed',
          where,
          why: `${error.message}; everything behind it would be swallowed into one cell`,
          fix: 'Close the quotation mark, or double it ("") where it belongs to the text.',
        })
      : inputError({
          what: 'a line is too long to be a row of an extract',
          where,
          why: error.message,
          fix: 'The line ends may have been lost: ask the department for the extract again.',
        });
  }
}

export function nothingIn(file: SourceFile) {
  return inputError({
    what: 'the file is empty: it has no header and no rows',
    where: { file: file.name },
    fix: 'Ask the department for the extract again. An extract without rows still has its header.',
  });
}
