import { didYouMean } from '../config/nearest.js';
import type { Engine, Session } from '../engine/engine.js';
import { type Problem, usageError } from '../errors.js';

export interface NewSuppression {
  anomaly?: string;
  uscc?: string;
  check?: string;
  owner: string;
  reason: string;
  /** The first and the last day it holds. */
  from: string;
  until: string;
}

export interface Suppression {
  number: number;
  anomaly: string | null;
  uscc: string | null;
  check: string | null;
  owner: string;
  reason: string;
  from: string;
  until: string;
  ended: string | null;
  ended_by: string | null;
  /** On the day that is asked about. */
  active: boolean;
}

/** Leaves anomalies out of the work lists until a day. Answers its number. The same one twice is one. */
export async function suppress(
  engine: Engine,
  s: NewSuppression,
  /** Done in the same transaction. */
  also: () => void = () => {},
): Promise<number> {
  const d = engine.dialect;
  const value = (x: string | undefined) => (x ? d.text(x) : 'NULL');
  const problems: Problem[] = [];
  if (s.until < s.from) {
    problems.push({ what: `--until ${s.until} is before ${s.from}`, fix: 'give a later day' });
  }
  if (s.anomaly) {
    const [found] = await engine.rows(`SELECT 1 AS one FROM ledger.anomaly WHERE id = ${d.text(s.anomaly)}`);
    if (!found) problems.push({ what: `no anomaly ${s.anomaly} is in the ledger`, fix: 'copy its id from a report' });
  }
  if (s.check) {
    const [ran] = await engine.rows(
      `SELECT 1 AS one FROM ledger.run_check WHERE check_id = ${d.text(s.check)} LIMIT 1`,
    );
    if (!ran) {
      const known = await engine.rows<{ id: string }>(
        'SELECT DISTINCT check_id AS id FROM ledger.run_check ORDER BY 1',
      );
      problems.push({
        what: `no night in the ledger ran a check ${s.check}`,
        fix:
          didYouMean(
            s.check,
            known.map((k) => k.id),
          ) ?? '`bidui checks list` names them all',
      });
    }
  }
  if (problems.length > 0) throw usageError(problems);
  const same = [
    ['anomaly_id', s.anomaly],
    ['uscc', s.uscc],
    ['check_id', s.check],
  ].map(([column, x]) => (x ? `${column} = ${d.text(x)}` : `${column} IS NULL`));
  const [known] = await engine.rows<{ seq: number }>(
    `SELECT seq FROM ledger.suppression WHERE ${same.join(' AND ')} AND owner = ${d.text(s.owner)} AND reason = ${d.text(s.reason)}
  AND from_date = ${d.date(s.from)} AND until_date = ${d.date(s.until)} AND ended_on IS NULL`,
  );
  if (known) return Number(known.seq);
  await engine.transaction(async () => {
    await engine.run(`INSERT INTO ledger.suppression SELECT coalesce((SELECT max(seq) FROM ledger.suppression), 0) + 1,
  ${value(s.anomaly)}, ${value(s.uscc)}, ${value(s.check)}, ${d.text(s.owner)}, ${d.text(s.reason)},
  ${d.date(s.from)}, ${d.date(s.until)}, NULL, NULL`);
    also();
  });
  const [row] = await engine.rows<{ seq: number }>('SELECT max(seq) AS seq FROM ledger.suppression');
  return Number(row?.seq);
}

/** Ends one before its day; what it covered comes back from that day on. It stays in the list of those that were. */
export async function endSuppression(
  engine: Engine,
  number: number,
  on: string,
  by: string,
  also: () => void = () => {},
): Promise<void> {
  const d = engine.dialect;
  const [row] = await engine.rows<{ ended: string | null }>(
    `SELECT ${d.formatDate('ended_on')} AS ended FROM ledger.suppression WHERE seq = ${number}`,
  );
  if (!row) throw usageError({ what: `there is no suppression ${number}`, fix: '`bidui suppress list` names them' });
  if (row.ended) throw usageError({ what: `suppression ${number} was ended on ${row.ended} already` });
  await engine.transaction(async () => {
    await engine.run(
      `UPDATE ledger.suppression SET ended_on = ${d.date(on)}, ended_by = ${d.text(by)} WHERE seq = ${number}`,
    );
    also();
  });
}

/** Open anomalies that a suppression covers. */
export async function covered(session: Session, number: number): Promise<number> {
  const d = session.dialect;
  const [row] = await session.rows<{ n: number }>(
    `SELECT count(*) AS n FROM ledger.anomaly a JOIN ledger.suppression s ON s.seq = ${number}
  AND (s.anomaly_id = a.id OR (s.anomaly_id IS NULL AND coalesce(s.uscc, a.uscc) = a.uscc AND coalesce(s.check_id, a.check_id) = a.check_id))
WHERE a.state <> ${d.text('resolved')}`,
  );
  return Number(row?.n ?? 0);
}

export async function listSuppressions(session: Session, asOf: string): Promise<Suppression[]> {
  const d = session.dialect;
  const today = d.date(asOf);
  return session.rows<Suppression>(
    `SELECT seq AS number, anomaly_id AS anomaly, uscc, check_id AS ${d.ident('check')}, owner, reason,
  ${d.formatDate('from_date')} AS ${d.ident('from')}, ${d.formatDate('until_date')} AS until, ${d.formatDate('ended_on')} AS ended, ended_by,
  from_date <= ${today} AND ${today} <= until_date AND (ended_on IS NULL OR ${today} < ended_on) AS active
FROM ledger.suppression ORDER BY seq`,
  );
}
