import type { Lang } from '../config/text.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { relabel } from '../engine/relabel.js';
import { calendarTable } from './calendar.js';
import type { LedgerPolicy } from './policy.js';
import { DISPOSALS, STATES } from './words.js';

export interface StandingInput {
  asOf: string;
  policy: LedgerPolicy;
  /** Anomalies that are asked about: a table with the columns of ledger.anomaly. */
  of: string;
  /** The holiday calendar's table, where there is one. */
  holidays?: string;
}

/**
 * `life.standing`: how each anomaly stands on a day, from its life, what was fed back, and what is suppressed. Nothing of it
 * is stored: feedback that comes late, a longer calendar or another policy put it right by themselves.
 */
export async function standAll(session: Session, i: StandingInput): Promise<void> {
  const d = session.dialect;
  await session.run(calendarTable(`SELECT min(clock_from) AS day FROM ${i.of}`, i.asOf, i.holidays, d));
  await session.run(standingTable(i, d));
}

function standingTable({ asOf, policy, of }: StandingInput, d: Dialect): Sql {
  const t = d.text;
  const today = d.date(asOf);
  const open = `a.state <> ${t('resolved')}`;
  const cameBack = 'a.opened_on > f.handled_on';
  const tooOld = `${today} > ${d.addDays('f.handled_on', String(policy.false_alarm_valid_days))}`;
  const newerData = `a.last_seen > f.handled_on AND a.data_on > ${d.addDays('f.handled_on', String(policy.rectified_grace_days))}`;
  const disposal = `CASE
    WHEN f.status IS NULL THEN ${t('pending')}
    WHEN NOT (${open}) THEN f.status
    WHEN f.status IN (${t('false_alarm')}, ${t('data_issue')}) THEN
      CASE WHEN f.fingerprint <> a.fingerprint OR ${tooOld} THEN ${t('recheck')} ELSE f.status END
    WHEN ${cameBack} THEN ${t('recheck')}
    WHEN f.status = ${t('confirmed_rectified')} AND ${newerData} THEN ${t('ineffective')}
    ELSE f.status END`;
  const allowed = `CASE a.severity ${Object.entries(policy.deadlines)
    .map(([severity, days]) => `WHEN ${t(severity)} THEN ${days}`)
    .join(' ')} END`;
  const waits = ['pending', 'checking', 'recheck', 'ineffective'].map((x) => t(x)).join(', ');
  const eyes = ['pending', 'recheck', 'ineffective'].map((x) => t(x)).join(', ');
  const covers = `(s.anomaly_id = a.id OR (s.anomaly_id IS NULL AND coalesce(s.uscc, a.uscc) = a.uscc AND coalesce(s.check_id, a.check_id) = a.check_id))`;
  return `CREATE TABLE life.standing AS
SELECT x.*, ${open.replace('a.', 'x.')} AND suppressed_by IS NULL AND disposal IN (${eyes}) AS needs_eyes,
  ${open.replace('a.', 'x.')} AND suppressed_by IS NULL AND disposal IN (${waits}) AND due_on < ${today} AS overdue
FROM (
  SELECT a.*, ${disposal} AS disposal, f.status AS fed_back, f.handled_by AS handled_by, f.handled_on AS handled_on, f.note AS note,
    due.day AS due_on, due.guessed AS due_guessed, (today.n - due.n) AS days_over,
    s.seq AS suppressed_by, s.owner AS suppressed_owner, s.reason AS suppressed_reason, s.until_date AS suppressed_until
  FROM ${of} a
  LEFT JOIN (${latestFeedback()}) f ON f.id = a.id
  LEFT JOIN life.calendar began ON began.day = a.clock_from
  LEFT JOIN life.calendar due ON due.working AND due.n = began.n + ${allowed}
  LEFT JOIN life.calendar today ON today.day = ${today}
  LEFT JOIN (
    SELECT * FROM (
      SELECT a.id AS covered_id, s.*, row_number() OVER (PARTITION BY a.id ORDER BY s.until_date DESC, s.seq) AS nth
      FROM ${of} a JOIN (${activeSuppressions(today)}) s ON ${covers}
    ) WHERE nth = 1
  ) s ON s.covered_id = a.id
) x`;
}

/** The newest feedback on each anomaly; of two of one day, the one that came later. */
export const latestFeedback = (): Sql =>
  `SELECT * FROM (SELECT b.*, row_number() OVER (PARTITION BY b.id ORDER BY b.handled_on DESC, b.seq DESC) AS nth FROM ledger.feedback b) WHERE nth = 1`;

/** What is suppressed on a day; from the day after its last, it comes back by itself. */
export const activeSuppressions = (today: Sql): Sql =>
  `SELECT * FROM ledger.suppression WHERE from_date <= ${today} AND ${today} <= until_date AND (ended_on IS NULL OR ${today} < ended_on)`;

/**
 * `run.standing`: what reports show beside each anomaly that was found, in words. Without a ledger nothing is known of it
 * but that it waits.
 */
export function standingWords(lang: Lang, from: 'life.standing' | undefined, d: Dialect): Sql {
  const word = (x: Sql, words: Record<string, Record<Lang, string>>) =>
    relabel(
      x,
      Object.entries(words).map(([id, w]) => [id, w[lang]] as const),
      d,
    );
  const none = d.text('');
  if (!from) {
    const blank = [
      'state',
      'first_seen',
      'runs',
      'due_on',
      'overdue',
      'suppressed',
      'disposal_by',
      'disposal_on',
      'disposal_note',
    ];
    return `CREATE TABLE run.standing AS SELECT id, ${blank.map((c) => `${none} AS ${c}`).join(', ')},
  ${d.text(DISPOSALS.pending[lang])} AS disposal_status, FALSE AS is_suppressed, 1 AS urgency FROM run.anomalies`;
  }
  const zh = lang === 'zh';
  const over = d.concat(
    d.text(zh ? '逾期' : ''),
    d.cast('days_over', 'text'),
    d.text(zh ? '个工作日' : ' working days'),
  );
  const suppressed = d.concat(
    d.text(zh ? '抑制至' : 'suppressed until '),
    d.formatDate('suppressed_until'),
    d.text(zh ? '（' : ' ('),
    'suppressed_owner',
    d.text(zh ? '：' : ': '),
    'suppressed_reason',
    d.text(zh ? '）' : ')'),
  );
  const shown = {
    state: word('state', STATES),
    first_seen: d.formatDate('first_seen'),
    runs: d.cast('runs', 'text'),
    due_on: `CASE WHEN due_guessed THEN ${d.concat(d.formatDate('due_on'), d.text(zh ? '（暂按周一至周五计）' : ' (weekdays only)'))} ELSE ${d.formatDate('due_on')} END`,
    overdue: `CASE WHEN overdue THEN ${over} ELSE ${none} END`,
    suppressed: `CASE WHEN suppressed_by IS NOT NULL THEN ${suppressed} ELSE ${none} END`,
    disposal_status: word('disposal', DISPOSALS),
    disposal_by: `coalesce(handled_by, ${none})`,
    disposal_on: `coalesce(${d.formatDate('handled_on')}, ${none})`,
    disposal_note: `coalesce(note, ${none})`,
    is_suppressed: 'suppressed_by IS NOT NULL',
    urgency: `CASE WHEN suppressed_by IS NOT NULL THEN 2 WHEN overdue OR disposal = ${d.text('ineffective')} THEN 0 ELSE 1 END`,
  };
  const columns = Object.entries(shown).map(([c, x]) => `${x} AS ${c}`);
  return `CREATE TABLE run.standing AS SELECT id, ${columns.join(',\n  ')} FROM ${from}`;
}
