import type { Sql } from '../../engine/dialect.js';
import { relabel } from '../../engine/relabel.js';
import { anomaliesFor, type ReportModel } from '../model.js';
import { withheldSql } from '../withheld.js';
import { coded } from './coded.js';
import type { AnomalyPart, EnterprisePart, FollowedPart, PageHead, PartKind, Parts, QuarantinePart } from './data.js';
import type { PageScope } from './scope.js';

type Row = Record<string, string | number | null>;

/** How the rows of one part are found, numbered by `n` from 1, and turned into columns. */
export interface PartQuery<K extends PartKind = PartKind> {
  kind: K;
  /** A SELECT with a column `n`. */
  select: Sql;
  /** What `columns` reads of it. */
  fields: readonly string[];
  /** What there is to select from, before anything is left out. */
  all: Sql;
  columns(rows: readonly Row[], known: Known): Parts[K];
}

/** What rows refer to by number. */
export interface Known {
  head: Omit<PageHead, 'totals'>;
  /** Where the page's enterprises stand, by their number in the run. */
  enterprises: Map<number, number>;
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

/** The enterprises of the run; where there are too many, those that the page has an anomaly of. */
export function enterprises(m: ReportModel, scope: PageScope, most: number): PartQuery<'enterprises'> {
  const d = m.session.dialect;
  const checks = m.checks.filter((c) => scope.confined?.checks.has(c.id) ?? true);
  const digits = d.concat(...checks.map((c) => d.cast(`o.${d.ident(c.id)}`, 'text')));
  const chosen =
    m.summary.enterprises <= most
      ? 'TRUE'
      : `o._eid IN (SELECT _eid FROM report.anomalies WHERE ${scope.where} GROUP BY _eid ORDER BY min(_order) LIMIT ${most})`;
  return {
    kind: 'enterprises',
    select: `SELECT row_number() OVER (ORDER BY o._eid) AS n, o._eid AS eid, e.uscc AS uscc, e.name AS name, ${digits} AS outcomes
FROM run.outcomes o JOIN src.enterprise e ON e._eid = o._eid WHERE ${chosen}`,
    fields: ['eid', 'uscc', 'name', 'outcomes'],
    all: 'run.outcomes',
    columns(rows, known): EnterprisePart {
      for (const r of rows) known.enterprises.set(Number(r.eid), known.enterprises.size);
      return { uscc: texts(rows, 'uscc'), name: texts(rows, 'name'), outcomes: texts(rows, 'outcomes') };
    },
  };
}

/** The anomalies; where there are too many, the gravest, and of these the first ones of the list. */
export function anomalies(m: ReportModel, scope: PageScope, most: number): PartQuery<'anomalies'> {
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
    'other_evidence first_seen runs overdue suppressed disposal_by disposal_on disposal_note _severity _eid'
  ).split(' ');
  const columns = own.map((c) => `a.${d.ident(c)} AS ${d.ident(c)}`);
  return {
    kind: 'anomalies',
    select: `SELECT row_number() OVER (ORDER BY a._order) AS n, ${[...columns, ...standing].join(', ')}
FROM (SELECT * FROM ${anomaliesFor(m, scope.audience)} WHERE ${chosen}) a${m.followed ? ' LEFT JOIN life.standing s ON s.id = a.anomaly_id' : ''}`,
    fields: [...own, 'state', 'disposal', 'due'],
    all: `report.anomalies WHERE ${scope.where}`,
    columns(rows, { head, enterprises }): AnomalyPart {
      return {
        id: texts(rows, 'anomaly_id'),
        enterprise: rows.map((r) => enterprises.get(Number(r._eid)) ?? -1),
        check: places(rows, 'check_id', head.checks),
        severity: places(rows, '_severity', head.severities),
        // An enterprise that the page has is named there.
        uscc: rows.map((r) => (enterprises.has(Number(r._eid)) ? '' : String(r.uscc))),
        name: rows.map((r) => (enterprises.has(Number(r._eid)) ? '' : String(r.enterprise))),
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
    select: `SELECT row_number() OVER (ORDER BY _order) AS n, ${columns.map((c) => withheldSql(m, scope.audience, c)).join(', ')} FROM ${all}`,
    fields: columns,
    all,
    columns(rows, { head }): FollowedPart {
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
    select: `SELECT _order AS n, ${fields.map(d.ident).join(', ')} FROM report.quarantine`,
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
