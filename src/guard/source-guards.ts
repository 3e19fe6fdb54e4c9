import { type Finding, median, percent } from './finding.js';
import type { SourceGuards } from './policy.js';

/** What a source looked like in one night. */
export interface SourceFigures {
  source: string;
  rows: number;
  /** Rows refused whole. */
  quarantined: number;
  loaded: number;
  /** Loaded rows that found no enterprise; absent where rows are about none. */
  unmatched?: number;
  /** Rows in which a field could not be read, by the field's title. */
  unreadable: readonly { title: { zh: string; en: string }; rows: number }[];
  /** The newest day or month in its files' names. */
  extractDate?: string;
  /** Headers of all its files, as they stand there. */
  headers: readonly string[];
}

/** What it looked like before: the newest night first. Absent where there is no ledger. */
export type SourceHistory = readonly { rows: number; headers: readonly string[] }[] | undefined;

export function guardSource(f: SourceFigures, history: SourceHistory, g: SourceGuards, asOf: string): Finding[] {
  return [
    ...freshness(f, g, asOf),
    ...volume(f, history ?? [], g),
    ...quarantined(f, g),
    ...unreadable(f, g),
    ...unmatched(f, g),
    ...columns(f, history?.[0]?.headers, g),
  ];
}

function finding(f: SourceFigures, guard: Finding['guard'], action: string, zh: string, en: string): Finding[] {
  return action === 'off' ? [] : [{ of: f.source, guard, action: action as Finding['action'], text: { zh, en } }];
}

function freshness(f: SourceFigures, { freshness: g }: SourceGuards, asOf: string): Finding[] {
  if (!f.extractDate) return [];
  const age = Math.round((Date.parse(asOf) - lastDay(f.extractDate)) / 86_400_000);
  if (age <= g.max_age_days) return [];
  return finding(
    f,
    'freshness',
    g.action,
    `数据日期 ${f.extractDate}，距基准日 ${age} 天（上限 ${g.max_age_days} 天）`,
    `the extract is of ${f.extractDate}, ${age} days before the as-of day (at most ${g.max_age_days})`,
  );
}

/** A month stands for its last day. */
function lastDay(date: string): number {
  const [year, month] = date.split('-').map(Number) as [number, number];
  return date.length === 7 ? Date.UTC(year, month, 0) : Date.parse(date);
}

function volume(f: SourceFigures, history: NonNullable<SourceHistory>, { volume: g }: SourceGuards): Finding[] {
  const last = history.slice(0, g.runs).map((h) => h.rows);
  if (last.length === 0) return [];
  const usual = median(last);
  if (usual < g.min_rows) return [];
  const [least, most] = [usual * g.at_least, usual * g.at_most];
  if (f.rows >= least && f.rows <= most) return [];
  const of = last.length;
  return finding(
    f,
    'volume',
    g.action,
    `${f.rows} 行，最近 ${of} 次的中位数为 ${usual} 行（允许 ${Math.ceil(least)}～${Math.floor(most)} 行），${f.rows < least ? '疑似导出不全' : '疑似重复导出'}`,
    `${f.rows} rows, where the median of the last ${of} is ${usual} (${Math.ceil(least)} to ${Math.floor(most)} are let in): ${f.rows < least ? 'probably cut off' : 'probably exported twice'}`,
  );
}

function quarantined(f: SourceFigures, { quarantined: g }: SourceGuards): Finding[] {
  const share = f.rows > 0 ? f.quarantined / f.rows : 0;
  if (f.rows < g.min_rows || share <= g.at_most) return [];
  return finding(
    f,
    'quarantined',
    g.action,
    `${f.rows} 行中有 ${f.quarantined} 行无法读取，占 ${percent(share)}（上限 ${percent(g.at_most)}），疑似列错位或表头错误`,
    `${f.quarantined} of ${f.rows} rows were refused, ${percent(share)} (at most ${percent(g.at_most)}): columns may be swapped or shifted`,
  );
}

function unreadable(f: SourceFigures, { unreadable: g }: SourceGuards): Finding[] {
  if (f.rows < g.min_rows) return [];
  return f.unreadable
    .filter((x) => x.rows / f.rows > g.at_most)
    .flatMap((x) =>
      finding(
        f,
        'unreadable',
        g.action,
        `字段“${x.title.zh}”有 ${x.rows} 行无法读取，占 ${percent(x.rows / f.rows)}（上限 ${percent(g.at_most)}）`,
        `the field '${x.title.en}' could not be read in ${x.rows} rows, ${percent(x.rows / f.rows)} (at most ${percent(g.at_most)})`,
      ),
    );
}

function unmatched(f: SourceFigures, { unmatched: g }: SourceGuards): Finding[] {
  if (f.unmatched === undefined || f.loaded < g.min_rows) return [];
  const share = f.unmatched / f.loaded;
  if (share <= g.at_most) return [];
  return finding(
    f,
    'unmatched',
    g.action,
    `${f.loaded} 行中有 ${f.unmatched} 行匹配不到企业，占 ${percent(share)}（上限 ${percent(g.at_most)}），疑似他处数据或代码列错误`,
    `${f.unmatched} of ${f.loaded} rows found no enterprise, ${percent(share)} (at most ${percent(g.at_most)}): another place's extract, or codes in a wrong column`,
  );
}

function columns(f: SourceFigures, before: readonly string[] | undefined, { columns: g }: SourceGuards): Finding[] {
  if (!before) return [];
  const gone = before.filter((h) => !f.headers.includes(h));
  const fresh = f.headers.filter((h) => !before.includes(h));
  return [
    ...(gone.length > 0
      ? finding(
          f,
          'columns',
          g.gone,
          `与上次相比少了列：${gone.join('、')}`,
          `columns that went since the last run: ${gone.join(', ')}`,
        )
      : []),
    ...(fresh.length > 0
      ? finding(
          f,
          'columns',
          g.new,
          `与上次相比多了列：${fresh.join('、')}`,
          `columns that came since the last run: ${fresh.join(', ')}`,
        )
      : []),
  ];
}
