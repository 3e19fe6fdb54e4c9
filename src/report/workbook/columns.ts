import type { Bilingual, Lang } from '../../config/text.js';
import type { Cell as Value } from '../../engine/engine.js';
import { ANOMALY_COLUMNS } from '../anomaly-columns.js';
import type { Cell } from '../xlsx/sheet.js';
import { dayNumber, textCell } from './cells.js';
import type { Band, Looks } from './looks.js';

/** A row of `report.anomalies`, by column. */
export type Read = (column: string) => Value;

export interface SheetColumn {
  /** Of the report's column, or of the one that several make together. */
  id: string;
  title: Bilingual;
  width: number;
  band: Band;
  /** Columns of `report.anomalies` that it needs. */
  needs: readonly string[];
  /** Its text may take more than a line. */
  wraps: boolean;
  cell: (read: Read, lang: Lang) => Cell;
  look: (looks: Looks, read: Read, cell: Cell) => number;
}

const titleOf = (id: string): Bilingual => ANOMALY_COLUMNS.find((c) => c.id === id)!.title;

type Kind = 'text' | 'wrapped' | 'centered' | 'openWord' | 'openText' | 'alarm';

function text(id: string, width: number, band: Band, kind: Kind): SheetColumn {
  return {
    ...{ id, title: titleOf(id), width, band, needs: [id] },
    wraps: ['wrapped', 'openText', 'openWord', 'alarm'].includes(kind),
    cell: (read, lang) => textCell(read(id), lang),
    look: (looks) => looks[kind],
  };
}

/** A day as a day, so that it sorts and filters as one; what says more than a day stays text. */
function day(id: string, width: number, band: Band, look: 'day' | 'openDay'): SheetColumn {
  return {
    ...{ id, title: titleOf(id), width, band, needs: [id], wraps: true },
    cell: (read, lang) => {
      const value = textCell(read(id), lang);
      return dayNumber(value) ?? value;
    },
    look: (looks, _, cell) => (typeof cell === 'string' && cell !== '' ? looks.wrapped : looks[look]),
  };
}

function severity(): SheetColumn {
  return {
    ...text('severity', 9, 'who', 'centered'),
    needs: ['severity', '_severity'],
    look: (looks, read) => looks.severity(String(read('_severity'))),
  };
}

/** One side of a contradiction in one cell: which source says it of what, what it says, and where that stands. */
function side(letter: 'a' | 'b'): SheetColumn {
  const [source, field, value, file, row] = ['source', 'field', 'value', 'file', 'row'].map(
    (x) => `${letter}_${x}`,
  ) as [string, string, string, string, string];
  return {
    id: letter,
    title: { zh: `证据${letter.toUpperCase()}`, en: `Evidence ${letter.toUpperCase()}` },
    ...{ width: 22, band: 'sides' as const, wraps: true, needs: [source, field, value, file, row] },
    cell: (read, lang) => {
      const what = [read(source), read(field)].filter(Boolean).join(' · ');
      const number = read(row) === null ? '' : lang === 'zh' ? ` 第${read(row)}行` : ` row ${read(row)}`;
      const where = read(file) ? `${read(file)}${number}` : '';
      const said = read(value) === null || read(value) === '' ? '' : `▶ ${textCell(read(value) as string, lang)}`;
      return textCell([what, said, where].filter((x) => x !== '').join('\n'), lang);
    },
    look: (looks) => looks.wrapped,
  };
}

export interface Scope {
  /** There is a ledger, which knows states and deadlines. */
  followed: boolean;
  /** The workbook is one department's work list. */
  department: boolean;
}

/**
 * Columns of a sheet: first those that fit on a printed page, with the disposal columns; then those for whoever wants to know
 * more. What a run cannot know, or what is the same in every row, is left out.
 */
export function sheetColumns({ followed, department }: Scope): { columns: SheetColumn[]; printed: number } {
  const printed = [
    severity(),
    text('enterprise', 16, 'who', 'wrapped'),
    text('uscc', 22, 'who', 'text'),
    text('check_title', 14, 'who', 'wrapped'),
    text('message', 33, 'who', 'wrapped'),
    side('a'),
    side('b'),
    text('legal_basis', 18, 'basis', 'wrapped'),
    text('advice', 20, 'basis', 'wrapped'),
    ...(followed
      ? [
          text('state', 7, 'basis', 'centered'),
          day('due_on', 11.5, 'basis', 'day'),
          text('overdue', 8, 'basis', 'alarm'),
        ]
      : []),
    text('disposal_status', 12, 'fill', 'openWord'),
    text('disposal_by', 9, 'fill', 'openText'),
    day('disposal_on', 11.5, 'fill', 'openDay'),
    text('disposal_note', 20, 'fill', 'openText'),
  ];
  const more = [
    ...(department ? [] : [text('department', 14, 'more', 'wrapped')]),
    text('helping_departments', 16, 'more', 'wrapped'),
    text('about', 22, 'more', 'wrapped'),
    text('other_evidence', 50, 'more', 'wrapped'),
    text('item', 16, 'more', 'wrapped'),
    text('key_point', 20, 'more', 'wrapped'),
    text('classification', 12, 'more', 'wrapped'),
    text('check_id', 9, 'more', 'centered'),
    ...(followed ? [day('first_seen', 12, 'more', 'day'), text('runs', 9, 'more', 'centered')] : []),
    ...(followed && !department ? [text('suppressed', 20, 'more', 'wrapped')] : []),
    day('as_of', 12, 'more', 'day'),
    text('anomaly_id', 23, 'more', 'text'),
  ] satisfies SheetColumn[];
  return { columns: [...printed, ...more], printed: printed.length };
}
