import type { Dialect, Sql, SqlType } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';

/** Raised when a table changes its shape; a store of another number is refused, not guessed at. */
export const LEDGER_VERSION = 1;

type Columns = Record<string, SqlType>;

/** What is known of one anomaly. */
export const ANOMALY: Columns = {
  id: 'text',
  uscc: 'text',
  enterprise: 'text',
  check_id: 'text',
  department: 'text',
  severity: 'text',
  about: 'text',
  state: 'text',
  /** Why it is in that state, where the state alone does not say. */
  reason: 'text',
  first_seen: 'date',
  /** Since when it has been open without a break: the first day, or the day it came back. */
  opened_on: 'date',
  last_seen: 'date',
  /** The last night that looked for it. */
  judged_on: 'date',
  state_since: 'date',
  runs: 'int',
  reopened: 'int',
  /** Equal as long as severity and values are. */
  fingerprint: 'text',
  changed_on: 'date',
  /** The day of the newest extract among its evidence when it was last found. */
  data_on: 'date',
  /** From when the time for handling it counts: the day it opened, or the day it became graver. */
  clock_from: 'date',
};

/** Every table of the store. Nothing in it needs a clock; `run.recorded_at` is told the time by the caller. */
export const LEDGER_TABLES: Readonly<Record<string, Columns>> = {
  about: { key: 'text', value: 'text' },
  anomaly: ANOMALY,
  /** What the last night's run changed, as it was before, so that the night can be run again with better data. */
  undo: { ...ANOMALY, existed: 'bool' },
  /** The values at each change. */
  version: { id: 'text', as_of: 'date', severity: 'text', fingerprint: 'text', message: 'text', evidence: 'text' },
  event: { id: 'text', as_of: 'date', kind: 'text', reason: 'text' },
  enterprise: { uscc: 'text', name: 'text', address: 'text', tags: 'text', as_of: 'date' },
  run: {
    seq: 'int',
    as_of: 'date',
    inputs: 'text',
    checks: 'text',
    coverage: 'text',
    bidui: 'text',
    recorded_at: 'text',
    enterprises: 'int',
    found: 'int',
    new: 'int',
    persisting: 'int',
    reopened: 'int',
    resolved: 'int',
    not_comparable: 'int',
    not_covered: 'int',
    red: 'int',
    yellow: 'int',
    blue: 'int',
  },
  run_source: { as_of: 'date', source: 'text', delivered: 'bool', rows: 'int', extract_date: 'text' },
  run_check: {
    as_of: 'date',
    check_id: 'text',
    consistent: 'int',
    anomaly: 'int',
    not_comparable: 'int',
    not_applicable: 'int',
    found: 'int',
  },
  /** What guards measure the next nights by: see profiles.ts. */
  source_profile: { as_of: 'date', source: 'text', rows: 'int', headers: 'text', taken: 'bool', accepted: 'bool' },
  check_profile: {
    as_of: 'date',
    coverage: 'text',
    check_id: 'text',
    judged: 'int',
    anomalous: 'int',
    taken: 'bool',
    accepted: 'bool',
  },
  feedback: {
    seq: 'int',
    id: 'text',
    status: 'text',
    handled_by: 'text',
    handled_on: 'date',
    note: 'text',
    /** The values that were in the ledger when the feedback came: what it is about. */
    fingerprint: 'text',
    file: 'text',
    row: 'int',
  },
  suppression: {
    seq: 'int',
    anomaly_id: 'text',
    uscc: 'text',
    check_id: 'text',
    owner: 'text',
    reason: 'text',
    from_date: 'date',
    until_date: 'date',
    ended_on: 'date',
    ended_by: 'text',
  },
  assignment: {
    visit: 'text',
    anomaly_id: 'text',
    uscc: 'text',
    department: 'text',
    as_of: 'date',
    seed: 'text',
    inspector_1: 'text',
    inspector_1_name: 'text',
    inspector_2: 'text',
    inspector_2_name: 'text',
  },
};

/**
 * What a store keeps about itself and not about anomalies. A store without these is made to have them; nothing that is
 * computed depends on them.
 */
export const HOUSEKEEPING_TABLES: Readonly<Record<string, Columns>> = {
  /** The end of the audit log: one row. */
  audit_head: { seq: 'int', hash: 'text', bytes: 'int' },
  /** Reports whose night is written down and which are not in their place yet: one row, while that lasts. */
  publication: { run: 'text', staging: 'text', target: 'text', made: 'text', replaces: 'text' },
};

export function createLedgerTable(name: string, d: Dialect): Sql {
  const columns = LEDGER_TABLES[name] ?? HOUSEKEEPING_TABLES[name]!;
  return `CREATE TABLE ledger.${d.ident(name)} (${columnsSql(columns, d)})`;
}

export async function hasTable(session: Session, name: string): Promise<boolean> {
  const found = await session.rows(
    `SELECT 1 AS one FROM information_schema.tables WHERE table_catalog = 'ledger' AND table_name = ${session.dialect.text(name)}`,
  );
  return found.length > 0;
}

const columnsSql = (columns: Columns, d: Dialect): Sql =>
  Object.entries(columns)
    .map(([column, type]) => `${d.ident(column)} ${d.typeName(type)}`)
    .join(', ');

export const anomalyColumns = (d: Dialect, of = ''): Sql =>
  Object.keys(ANOMALY)
    .map((c) => `${of}${d.ident(c)}`)
    .join(', ');
