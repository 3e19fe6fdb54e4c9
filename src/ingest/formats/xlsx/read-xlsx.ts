import type { Session } from '../../../engine/engine.js';
import { inputError } from '../../../errors.js';
import { HeaderMatcher } from '../../header-names.js';
import { LIMITS } from '../../limits.js';
import type { Expectation, RawTable } from '../../raw-table.js';
import { digestFile, type SourceFile } from '../../source-bytes.js';
import { SpoolTable } from '../../spool-table.js';
import { Archive, damaged } from './archive.js';
import { chooseSheet } from './choose-sheet.js';
import { SharedStrings } from './shared-strings.js';
import { columnName, readSheet, type SheetContext } from './sheet.js';
import { readWorkbook } from './workbook.js';

/** One sheet of a workbook, streamed: no more than a row of it is ever in memory. */
export async function readXlsx(
  session: Session,
  file: SourceFile,
  expect: Expectation,
  o: { table: string; spool: string },
): Promise<RawTable> {
  const digest = await digestFile(file);
  const archive = await Archive.open(file);
  const matcher = new HeaderMatcher(expect);
  let strings: SharedStrings | undefined;
  let spool: SpoolTable | undefined;
  try {
    const workbook = await guarded(file, () => readWorkbook(archive));
    strings = await guarded(file, () => SharedStrings.read(archive, workbook.sharedStrings, `${o.spool}.strings`));
    const context: SheetContext = { archive, strings, kinds: workbook.kinds, date1904: workbook.date1904 };
    const { sheet, header, width, all, notes } = await guarded(file, () =>
      chooseSheet(context, workbook.sheets, expect.sheet, matcher, file),
    );
    if (!header) {
      throw inputError({
        what: `the sheet '${sheet.name}' is empty: it has no header and no rows`,
        where: { file: file.name },
        fix: 'Ask the department for the extract again. An extract without rows still has its header.',
      });
    }
    if (width > LIMITS.columns) {
      throw inputError({
        what: `the sheet '${sheet.name}' has ${width} columns; no extract has over ${LIMITS.columns}`,
        where: { file: file.name },
        why: 'it is not a table of enterprises',
        fix: 'Ask the department for the extract again.',
      });
    }
    const columns = header.headers.length;
    const table = new SpoolTable(`${o.spool}.csv`, {
      header,
      columns,
      requiredColumns: matcher.requiredColumns(header.headers),
    });
    spool = table;
    const beyond = { rows: 0, first: '' };
    const take = (row: number, cells: (string | undefined)[]): true => {
      if (cells.length > columns && row > header.last) {
        if (beyond.rows++ === 0) beyond.first = `${columnName(cells.length - 1)}${row}`;
      }
      table.add(row, cells);
      return true;
    };
    for (const { row, cells } of all?.rows ?? []) take(row, cells);
    const summary = all?.summary ?? (await guarded(file, () => readSheet(context, sheet.part, take)));
    const { data, ...counts } = await table.load(session, o.table);
    if (beyond.rows > 0)
      notes.push(`text beyond the last header was left out in ${beyond.rows} rows, first in ${beyond.first}`);
    if (summary.uncalculated > 0) {
      notes.push(
        `${summary.uncalculated} formulas have no stored result and count as empty; open and save the file in Excel or WPS`,
      );
    }
    return {
      table: o.table,
      headers: header.headers,
      sheet: sheet.name,
      format: 'xlsx',
      ...digest,
      // Rows that the sheet does not hold, or holds without text, are blank like those with white space only.
      counts: {
        data,
        ...counts,
        blank: counts.blank + Math.max(summary.lastRow, table.lastRow) - table.rows - table.blank,
      },
      malformed: [],
      notes,
    };
  } finally {
    spool?.remove();
    strings?.remove();
    archive.close();
  }
}

/** Faults of the zip or the XML while a part is read. */
async function guarded<T>(file: SourceFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw damaged(file, error);
  }
}
