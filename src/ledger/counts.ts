import type { Session } from '../engine/engine.js';
import { BiduiError, EXIT } from '../errors.js';

/** What became of the anomalies in one night. new + persisting + reopened = found. */
export interface LifeCounts {
  enterprises: number;
  found: number;
  new: number;
  persisting: number;
  reopened: number;
  resolved: number;
  /** Open, but tonight it could not be told whether they are still there. */
  not_comparable: number;
  /** Open, but this run did not look: another theme, another scope. */
  not_covered: number;
  red: number;
  yellow: number;
  blue: number;
}

export async function lifeCounts(session: Session, asOf: string): Promise<LifeCounts> {
  const d = session.dialect;
  const states = ['new', 'persisting', 'reopened', 'resolved', 'not_comparable'];
  const tonight = 'n.id IN (SELECT id FROM life.next)';
  const columns = [
    ...states.map((x) => `${d.countIf(`${tonight} AND n.state = ${d.text(x)}`)} AS ${d.ident(x)}`),
    `${d.countIf(`NOT (${tonight})`)} AS not_covered`,
    ...['red', 'yellow', 'blue'].map(
      (x) => `${d.countIf(`n.severity = ${d.text(x)} AND n.last_seen = ${d.date(asOf)}`)} AS ${x}`,
    ),
    '(SELECT count(*) FROM life.subject) AS enterprises',
    '(SELECT count(*) FROM life.found) AS found',
    `(SELECT count(*) FROM life.base WHERE state <> ${d.text('resolved')}) AS open_before`,
  ];
  const [row] = await session.rows<Record<string, number>>(`SELECT ${columns.join(', ')} FROM life.now n`);
  const n = Object.fromEntries(Object.entries(row ?? {}).map(([k, v]) => [k, Number(v)]));
  const { open_before = 0, ...counts } = n as unknown as LifeCounts & { open_before?: number };
  reconcile(counts, open_before);
  return counts;
}

/** Nothing found goes untold, and nothing that was open vanishes. */
function reconcile(c: LifeCounts, openBefore: number): void {
  const faults: string[] = [];
  if (c.new + c.persisting + c.reopened !== c.found) {
    faults.push(`${c.new} new + ${c.persisting} persisting + ${c.reopened} reopened, but ${c.found} found`);
  }
  const after = c.persisting + c.resolved + c.not_comparable + c.not_covered;
  if (after !== openBefore) faults.push(`${openBefore} anomalies were open before, ${after} are accounted for`);
  if (faults.length === 0) return;
  throw new BiduiError(
    EXIT.internal,
    faults.map((what) => ({
      what: `the ledger does not add up: ${what}`,
      fix: 'this is a fault of bidui; please report it',
    })),
  );
}
