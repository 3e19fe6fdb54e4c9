import type { HeaderMatcher } from './header-names.js';

export interface SampleRow {
  /** Row number in the file, from 1. */
  row: number;
  cells: string[];
}

export interface FoundHeader {
  /** Row numbers of its first and last row. */
  first: number;
  last: number;
  headers: string[];
  /** 0 when none of the expected names was found: then it is the best guess. */
  score: number;
}

const filled = (cells: readonly string[]) => cells.filter((c) => c.trim() !== '').length;
const looksLikeData = (cell: string) => /\d/.test(cell) && /^[\d\s.,:/%+\-年月日='"A-HJ-NPQRTUWXY]+$/.test(cell.trim());

/** The header among the first rows of a file: the row, or the pair of rows, that holds most of the expected names. */
export function findHeader(sample: readonly SampleRow[], matcher: HeaderMatcher): FoundHeader | undefined {
  let single: FoundHeader | undefined;
  for (const { row, cells } of sample) {
    const score = matcher.score(cells);
    if (score > (single?.score ?? 0)) single = { first: row, last: row, headers: cells, score };
  }
  let best = single;
  for (let i = 0; i + 1 < sample.length; i++) {
    const top = sample[i]!;
    const below = sample[i + 1]!;
    if (below.row !== top.row + 1 || filled(top.cells) === 0 || filled(below.cells) === 0) continue;
    const headers = joinRows(top.cells, below.cells);
    const score = matcher.score(headers);
    // The pair must know more than either row alone, or only refine columns that the upper row left open.
    const refines = best === single && single?.first === top.row && onlyRefines(top.cells, below.cells);
    if (score > (best?.score ?? 0) || (refines && score === best?.score)) {
      best = { first: top.row, last: below.row, headers, score };
    }
  }
  return trimmed(best ?? guess(sample));
}

/** No expected name found: the first of the widest rows that reads like names, for the operator to look at. */
function guess(sample: readonly SampleRow[]): FoundHeader | undefined {
  const rows = sample.slice(0, 20).filter((r) => filled(r.cells) > 0);
  const width = Math.max(0, ...rows.map((r) => filled(r.cells)));
  const wide = rows.filter((r) => filled(r.cells) >= Math.max(1, width * 0.6));
  const row = wide.find((r) => !r.cells.some(looksLikeData)) ?? wide[0];
  return row && { first: row.row, last: row.row, headers: row.cells, score: 0 };
}

/** A lower header row has cells only under a group of the upper row (金额 → 本期, 上期), and nothing that reads like data. */
function onlyRefines(top: readonly string[], below: readonly string[]): boolean {
  let refined = false;
  for (let c = 0; c < below.length; c++) {
    const text = below[c]?.trim() ?? '';
    if (text === '') continue;
    if (looksLikeData(text)) return false;
    const startsGroup = (top[c + 1] ?? '').trim() === '' && (below[c + 1] ?? '').trim() !== '';
    const insideGroup = (top[c] ?? '').trim() === '';
    if (!startsGroup && !insideGroup) return false;
    refined = true;
  }
  return refined && top.some((t, c) => t.trim() !== '' && (below[c] ?? '').trim() === '');
}

/**
 * Joins a two-row header. A merged cell holds its text in the first column only, so an empty upper cell takes the text
 * to its left, unless that one was merged downwards (nothing stands below it).
 */
export function joinRows(top: readonly string[], below: readonly string[]): string[] {
  const headers: string[] = [];
  let group = '';
  for (let c = 0; c < Math.max(top.length, below.length); c++) {
    const upper = (top[c] ?? '').trim();
    const lower = (below[c] ?? '').trim();
    if (upper !== '') group = lower === '' ? '' : upper;
    const parts = [upper !== '' ? upper : lower !== '' ? group : '', lower].filter((x) => x !== '');
    headers.push(parts.join('/'));
  }
  return headers;
}

function trimmed(found: FoundHeader | undefined): FoundHeader | undefined {
  if (!found) return undefined;
  const headers = found.headers.map((h) => h.trim());
  while (headers.length > 0 && headers.at(-1) === '') headers.pop();
  return { ...found, headers };
}
