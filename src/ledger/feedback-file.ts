import { tidyHeader } from '../config/header.js';
import type { Bilingual } from '../config/text.js';
import type { Session } from '../engine/engine.js';
import { BiduiError, EXIT, type Problem } from '../errors.js';
import { dropRaw, type Expectation } from '../ingest/raw-table.js';
import { readFile, sheetsOf } from '../ingest/read-file.js';

/** Columns of a report that feedback is read from, by id. */
const WANTED = ['anomaly_id', 'as_of', 'disposal_status', 'disposal_by', 'disposal_on', 'disposal_note'] as const;
const OPTIONAL: readonly string[] = ['as_of', 'disposal_note'];

export interface FeedbackFile {
  path: string;
  name: string;
}

/** Titles of the reports' columns, by id: what a department sends back has these headers. */
export type ColumnTitles = (id: string) => Bilingual;

/**
 * Reads files that departments sent back, in any format that bidui reads, into `fb.given`: one row each, as text. Answers
 * what is wrong with them as files.
 */
export async function readFeedbackFiles(
  session: Session,
  files: readonly FeedbackFile[],
  titles: ColumnTitles,
  tempDir: string,
): Promise<Problem[]> {
  const d = session.dialect;
  const text = d.typeName('text');
  await session.run('CREATE SCHEMA fb');
  await session.run(
    `CREATE TABLE fb.given (file ${text}, ${d.ident('row')} ${d.typeName('int')}, ${WANTED.map((c) => `${c} ${text}`).join(', ')})`,
  );
  const problems: Problem[] = [];
  for (const [i, file] of files.entries()) {
    try {
      for (const part of await partsOf(file, titles, tempDir)) {
        problems.push(...(await readOne(session, part, titles, `fb.file_${i}`, tempDir)));
      }
    } catch (error) {
      if (!(error instanceof BiduiError) || error.exit !== EXIT.input) throw unopenable(error, file);
      problems.push(...error.problems);
    }
  }
  return problems;
}

const namesOf = (titles: ColumnTitles, id: string): string[] => [titles(id).zh, titles(id).en, id];

const expectation = (titles: ColumnTitles): Expectation => ({
  fields: WANTED.map((id) => ({ names: namesOf(titles, id), required: !OPTIONAL.includes(id) })),
});

/** A file, or one sheet of a workbook that has several to be read. */
interface Part extends FeedbackFile {
  sheet?: string;
}

/** A workbook of bidui has a sheet for each theme: all that have the header are read, and a row is told with its sheet. */
async function partsOf(file: FeedbackFile, titles: ColumnTitles, tempDir: string): Promise<Part[]> {
  const sheets = (await sheetsOf(file, expectation(titles), tempDir)) ?? [];
  if (sheets.length < 2) return [{ ...file, sheet: sheets[0] }];
  return sheets.map((sheet) => ({ path: file.path, name: `${file.name} [${sheet}]`, sheet }));
}

async function readOne(
  session: Session,
  file: Part,
  titles: ColumnTitles,
  table: string,
  tempDir: string,
): Promise<Problem[]> {
  const d = session.dialect;
  const expected = { ...expectation(titles), sheet: file.sheet };
  const raw = await readFile(session, file, expected, { table, tempDir });
  const headers = raw.headers.map(tidyHeader);
  const column = (id: string) => headers.findIndex((h) => namesOf(titles, id).map(tidyHeader).includes(h));
  const missing = WANTED.filter((id) => column(id) < 0 && !OPTIONAL.includes(id));
  if (missing.length > 0) {
    return missing.map((id) => ({
      what: `there is no column ${titles(id).zh} (${titles(id).en})`,
      where: { file: file.name },
      why: `its columns are ${raw.headers.filter(Boolean).join(', ') || 'none'}`,
      fix: 'fill in the columns of a report of bidui and send that file back, with its header row',
    }));
  }
  const cells = WANTED.map((id) => (column(id) < 0 ? d.cast('NULL', 'text') : `c${column(id)}`));
  await session.run(
    `INSERT INTO fb.given SELECT ${d.text(file.name)}, _row, ${cells.join(', ')} FROM ${raw.table} ORDER BY _row`,
  );
  await dropRaw(session, raw);
  return raw.malformed.map((m) => ({
    what: 'this line cannot be split into cells',
    where: { file: file.name, row: m.row },
    why: m.reason,
    fix: 'open the file with a spreadsheet program, look at the quotes in this row, and save it again',
  }));
}

function unopenable(error: unknown, file: FeedbackFile): unknown {
  const code = (error as NodeJS.ErrnoException).code;
  if (code !== 'ENOENT' && code !== 'EACCES' && code !== 'EISDIR') return error;
  const why = { ENOENT: 'there is no such file', EACCES: 'this user may not read it', EISDIR: 'it is a directory' }[
    code
  ];
  return new BiduiError(EXIT.input, { what: `${file.path} cannot be read`, why, fix: 'check the path' });
}
