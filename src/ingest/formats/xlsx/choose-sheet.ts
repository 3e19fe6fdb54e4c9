import { inputError } from '../../../errors.js';
import { type FoundHeader, findHeader, type SampleRow } from '../../find-header.js';
import type { HeaderMatcher } from '../../header-names.js';
import { HEAD_ROWS } from '../../limits.js';
import type { SourceFile } from '../../source-bytes.js';
import { readSheet, type SheetContext, type SheetSummary } from './sheet.js';
import type { SheetEntry } from './workbook.js';

export interface ChosenSheet {
  sheet: SheetEntry;
  header: FoundHeader | undefined;
  /** Widest row of the head. */
  width: number;
  /** All of a small sheet; of another, it is to be read again. */
  all: ReadSheet | undefined;
  notes: string[];
}

/** What reading a sheet told. */
export interface ReadSheet {
  rows: { row: number; cells: (string | undefined)[] }[];
  summary: SheetSummary;
}

interface Candidate {
  sheet: SheetEntry;
  header: FoundHeader | undefined;
  width: number;
  all: ReadSheet | undefined;
  /** Rows were seen below the header. */
  hasRows: boolean;
}

/** The sheet that holds the source: the one the contract names, or the one whose header fits best. */
export async function chooseSheet(
  context: SheetContext,
  sheets: readonly SheetEntry[],
  wanted: string | undefined,
  matcher: HeaderMatcher,
  file: SourceFile,
): Promise<ChosenSheet> {
  const names = sheets.map((s) => `'${s.name}'`).join(', ');
  if (wanted !== undefined) {
    const sheet = sheets.find((s) => s.name.trim() === wanted.trim());
    if (!sheet) {
      throw inputError({
        what: `the workbook has no sheet '${wanted}'`,
        where: { file: file.name },
        why: `it has ${names || 'no sheets'}`,
        fix: 'Rename the sheet, or correct the name in the contract.',
      });
    }
    return { ...(await look(context, sheet, matcher, true)), notes: [] };
  }
  const notes: string[] = [];
  const hidden = sheets.filter((s) => s.hidden);
  if (hidden.length > 0) notes.push(`hidden sheets were passed over: ${hidden.map((s) => `'${s.name}'`).join(', ')}`);
  const seen: Candidate[] = [];
  const visible = sheets.filter((s) => !s.hidden);
  for (const sheet of visible) seen.push(await look(context, sheet, matcher, visible.length === 1));
  if (seen.length === 0) {
    throw inputError({
      what: 'the workbook has no visible sheet with cells',
      where: { file: file.name },
      why: names ? `hidden: ${names}` : undefined,
      fix: 'Unhide the sheet, or name it in the contract.',
    });
  }
  const best = Math.max(...seen.map((c) => c.header?.score ?? 0));
  const fitting = best > 0 ? seen.filter((c) => c.header?.score === best) : seen.filter((c) => c.header);
  const withRows = fitting.filter((c) => c.hasRows);
  if (best > 0 && withRows.length > 1) {
    // Two months to be joined, or this year's and last year's to be told apart? Only the department knows.
    throw inputError({
      what: `${withRows.length} sheets have the header of this source`,
      where: { file: file.name },
      why: `${withRows.map((c) => `'${c.sheet.name}'`).join(', ')}: joining them could count enterprises twice, choosing one could lose some`,
      fix: 'Name the sheet in the contract, put the rows on one sheet, or hide the others.',
    });
  }
  const chosen = withRows[0] ?? fitting[0] ?? seen[0]!;
  const others = seen.filter((c) => c !== chosen).map((c) => `'${c.sheet.name}'`);
  if (others.length > 0)
    notes.push(`sheet '${chosen.sheet.name}' was read; others were passed over: ${others.join(', ')}`);
  const { sheet, header, width, all } = chosen;
  return { sheet, header, width, all, notes };
}

/** Unpacked bytes of a sheet whose rows are kept from the first look at it. */
const SMALL_PART = 1024 * 1024;

/** Looks at the first rows. If it is `chosen` already and small, all of them are read, and need not be again. */
export async function look(
  context: SheetContext,
  sheet: SheetEntry,
  matcher: HeaderMatcher,
  chosen = false,
): Promise<Candidate> {
  const whole = chosen && context.archive.size(sheet.part) <= SMALL_PART;
  const rows: ReadSheet['rows'] = [];
  const summary = await readSheet(context, sheet.part, (row, cells) => {
    rows.push({ row, cells });
    return whole || rows.length < HEAD_ROWS;
  });
  const sample: SampleRow[] = rows
    .slice(0, HEAD_ROWS)
    .map(({ row, cells }) => ({ row, cells: Array.from(cells, (c) => c ?? '') }));
  const header = findHeader(sample, matcher);
  return {
    sheet,
    header,
    width: Math.max(0, ...sample.map((r) => r.cells.length)),
    all: whole ? { rows, summary } : undefined,
    hasRows: rows.some((r) => r.row > (header?.last ?? 0)),
  };
}
