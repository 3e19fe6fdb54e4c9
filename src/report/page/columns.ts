import type { Sql } from '../../engine/dialect.js';
import { relabel } from '../../engine/relabel.js';
import { anomaliesFor, type ReportModel } from '../model.js';
import { withheldSql } from '../withheld.js';
import { coded } from './coded.js';
import type { AnomalyPart, FollowedPart, PageHead, PartKind, Parts, QuarantinePart } from './data.js';
import type { PageScope } from './scope.js';

type Row = Record<string, string | number | null>;

/** Parts that come row by row. */
export type RowKind = Exclude<PartKind, 'enterprises'>;

/** How the rows of one part are found, and turned into columns. */
export interface PartQuery<K extends RowKind = RowKind> {
  kind: K;
  /** A SELECT of `fields`, and of a number `_order` that no two rows share. */
  select: Sql;
  /** What `columns` reads of it. */
  fields: readonly string[];
  /** What there is to select from, before anything is left out. */
  all: Sql;
  columns(rows: readonly Row[], head: Omit<PageHead, 'totals'>): Parts[K];
}

const texts = (rows: readonly Row[], key: string): string[] => rows.map((r) => String(r[key] ?? ''));
const numbers = (rows: readonly Row[], key: string): number[] => rows.map((r) => Number(r[key] ?? 0));
const rowNumbers = (rows: readonly Row[], key: string) => rows.map((r) => (r[key] === null ? null : Number(r[key])));
const dictionary = (rows: readonly Row[], key: string) => coded(rows.map((r) => r[key] as string | null));

/** Positions in a list of what a column names. */
function places(rows: readonly Row[], key: string, ids: readonly { id: string }[]): number[] {
  const at = new Map(ids.map((x, i) => [x.id, i]));
  return rows.map((r) => at.get(String(r[key])) ?? -1);
}

/** The anomalies; where there are too many, the gravest, and of these the first ones of the list. `listed`: the page's enterprises. */
export function anomalies(m: ReportModel, scope: PageScope, most: number, listed: Sql): PartQuery<'anomalies'> {
  const d = m.session.dialect;
  const rank = relabel(
    '_severity',
    Object.keys(m.pack.vocabulary.severities).map((id, i) => [id, String(i)]),
    d,
  );
  const chosen =
    m.summary.anomalies <= most
      ? scope.where
      : `_order IN (SELECT _order FROM report.anomalies WHERE ${scope.where} ORDER BY _suppressed, ${rank}, _order LIMIT ${most})`;
  const none = d.cast('NULL', 'text');
  const standing = m.followed
    ? ['s.state', 's.disposal', `${d.formatDate('s.due_on')} AS due`]
    : [`${none} AS state`, `${none} AS disposal`, `${none} AS due`];
  const own = (
    'anomaly_id check_id uscc enterprise about message a_source a_value a_file a_row b_source b_value b_file b_row ' +
    'other_evidence first_seen runs overdue suppressed disposal_by disposal_on disposal_note _severity'
  ).split(' ');
  const columns = own.map((c) => `a.${d.ident(c)} AS ${d.ident(c)}`);
  return {
    kind: 'anomalies',
    select: `SELECT a._order AS _order, ${columns.join(', ')}, l.n - 1 AS place, ${standing.join(', ')}
FROM (SELECT * FROM ${anomaliesFor(m, scope.audience)} WHERE ${chosen}) a
LEFT JOIN ${listed} l ON l._eid = a._eid${m.followed ? ' LEFT JOIN life.standing s ON s.id = a.anomaly_id' : ''}`,
    fields: [...own, 'place', 'state', 'disposal', 'due'],
    all: `report.anomalies WHERE ${scope.where}`,
    columns(rows, head): AnomalyPart {
      return {
        id: texts(rows, 'anomaly_id'),
        enterprise: rows.map((r) => (r.place === null ? -1 : Number(r.place))),
        check: places(rows, 'check_id', head.checks),
        severity: places(rows, '_severity', head.severities),
        // An enterprise that the page has is named there.
        uscc: rows.map((r) => (r.place === null ? String(r.uscc) : '')),
        name: rows.map((r) => (r.place === null ? String(r.enterprise) : '')),
        about: texts(rows, 'about'),
        message: texts(rows, 'message'),
        aSource: dictionary(rows, 'a_source'),
        aValue: texts(rows, 'a_value'),
        aFile: dictionary(rows, 'a_file'),
        aRow: rowNumbers(rows, 'a_row'),
        bSource: dictionary(rows, 'b_source'),
        bValue: texts(rows, 'b_value'),
        bFile: dictionary(rows, 'b_file'),
        bRow: rowNumbers(rows, 'b_row'),
        other: texts(rows, 'other_evidence'),
        state: places(rows, 'state', head.states),
        disposal: places(rows, 'disposal', head.disposals),
        firstSeen: dictionary(rows, 'first_seen'),
        runs: numbers(rows, 'runs'),
        due: dictionary(rows, 'due'),
        overdue: dictionary(rows, 'overdue'),
        suppressed: dictionary(rows, 'suppressed'),
        handledBy: dictionary(rows, 'disposal_by'),
        handledOn: dictionary(rows, 'disposal_on'),
        note: texts(rows, 'disposal_note'),
      };
    },
  };
}

/** What was known before and was not found in this run. Severity, state and reason stand there in words. */
export function followed(m: ReportModel, scope: PageScope): PartQuery<'followed'> {
  const d = m.session.dialect;
  const ids = [...(scope.confined?.checks ?? [])].map((id) => d.text(id)).join(', ');
  const columns = 'anomaly_id uscc enterprise check_id severity state reason about message first_seen last_seen'.split(
    ' ',
  );
  const all = `report.followed${scope.confined ? ` WHERE check_id IN (${ids})` : ''}`;
  const inWords = (all: readonly { id: string; title: Record<string, string> }[]) =>
    all.map((x) => ({ id: x.title[m.lang]! }));
  return {
    kind: 'followed',
    select: `SELECT ${['_order', ...columns.map((c) => withheldSql(m, scope.audience, c))].join(', ')} FROM ${all}`,
    fields: columns,
    all,
    columns(rows, head): FollowedPart {
      return {
        id: texts(rows, 'anomaly_id'),
        uscc: texts(rows, 'uscc'),
        name: texts(rows, 'enterprise'),
        check: places(rows, 'check_id', head.checks),
        severity: places(rows, 'severity', inWords(head.severities)),
        state: places(rows, 'state', inWords(head.states)),
        reason: places(rows, 'reason', inWords(head.reasons)),
        about: texts(rows, 'about'),
        message: texts(rows, 'message'),
        firstSeen: dictionary(rows, 'first_seen'),
        lastSeen: dictionary(rows, 'last_seen'),
      };
    },
  };
}

export function quarantine(m: ReportModel): PartQuery<'quarantine'> {
  const d = m.session.dialect;
  const fields = 'source file row scope field raw explanation fix'.split(' ');
  return {
    kind: 'quarantine',
    select: `SELECT ${['_order', ...fields.map(d.ident)].join(', ')} FROM report.quarantine`,
    fields,
    all: 'report.quarantine',
    columns(rows): QuarantinePart {
      return {
        source: dictionary(rows, 'source'),
        file: dictionary(rows, 'file'),
        row: rowNumbers(rows, 'row'),
        scope: dictionary(rows, 'scope'),
        field: dictionary(rows, 'field'),
        raw: texts(rows, 'raw'),
        explanation: dictionary(rows, 'explanation'),
        fix: dictionary(rows, 'fix'),
      };
    },
  };
}
