import { HeaderMatcher } from '../../header-names.js';
import type { Expectation } from '../../raw-table.js';
import type { SourceFile } from '../../source-bytes.js';
import { Archive, damaged } from './archive.js';
import { look } from './choose-sheet.js';
import { SharedStrings } from './shared-strings.js';
import type { SheetContext } from './sheet.js';
import { readWorkbook } from './workbook.js';

/**
 * The sheets, hidden or not, whose header has every required name. Of an extract one sheet is read and others are doubted;
 * a workbook of our own that comes back has one for each theme, and all of them count.
 */
export async function headedSheets(file: SourceFile, expect: Expectation, spool: string): Promise<string[]> {
  const archive = await Archive.open(file);
  const matcher = new HeaderMatcher(expect);
  const required = expect.fields.filter((f) => f.required).length;
  let strings: SharedStrings | undefined;
  try {
    const { sheets, sharedStrings, kinds, date1904 } = await readWorkbook(archive);
    strings = await SharedStrings.read(archive, sharedStrings, `${spool}.strings`);
    const context: SheetContext = { archive, strings, kinds, date1904 };
    const names: string[] = [];
    for (const sheet of sheets) {
      const { header } = await look(context, sheet, matcher);
      if (header && matcher.requiredColumns(header.headers).length === required) names.push(sheet.name);
    }
    return names;
  } catch (error) {
    throw damaged(file, error);
  } finally {
    strings?.remove();
    archive.close();
  }
}
