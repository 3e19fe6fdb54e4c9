import type { Dialect, Sql } from '../engine/dialect.js';
import type { Engine, Session } from '../engine/engine.js';

/** Rows of each kind that are past their time. */
export interface Pruned {
  anomalies: number;
  versions: number;
  events: number;
  assignments: number;
  enterprises: number;
  nights: number;
}

/**
 * What is past its time: anomalies that were resolved before `cutoff` and that nobody ever spoke of, and the figures of nights
 * before it. Never: an open anomaly, one that a department has fed back on or that is suppressed by its id (the false-alarm
 * rates and the promises of the ledger are made of them), what the last night's run can still take back, the last night
 * itself, feedback, suppressions. (What guards measure by they prune themselves.)
 */
export async function pastTheirTime(session: Session, cutoff: string): Promise<Pruned> {
  const d = session.dialect;
  const count = async (kind: keyof Pruned) => {
    const [row] = await session.rows<{ n: number }>(
      `SELECT ${targets(cutoff, d)
        .filter((t) => t.kind === kind)
        .map((t) => `(SELECT count(*) FROM ledger.${t.table} WHERE ${t.where})`)
        .join(' + ')} AS n`,
    );
    return Number(row?.n ?? 0);
  };
  return {
    anomalies: await count('anomalies'),
    versions: await count('versions'),
    events: await count('events'),
    assignments: await count('assignments'),
    enterprises: await count('enterprises'),
    nights: await count('nights'),
  };
}

/** Takes it away, all or nothing. `also` is done in the same transaction. */
export async function prune(engine: Engine, cutoff: string, also: () => void): Promise<void> {
  await engine.transaction(async () => {
    for (const { table, where } of targets(cutoff, engine.dialect)) {
      await engine.run(`DELETE FROM ledger.${table} WHERE ${where}`);
    }
    also();
  });
}

/** In an order in which each can still be told: what hangs on anomalies first. */
function targets(cutoff: string, d: Dialect): { kind: keyof Pruned; table: string; where: Sql }[] {
  const day = d.date(cutoff);
  const ended = `SELECT id FROM ledger.anomaly WHERE state = ${d.text('resolved')} AND state_since < ${day}
  AND id NOT IN (SELECT id FROM ledger.feedback)
  AND id NOT IN (SELECT anomaly_id FROM ledger.suppression WHERE anomaly_id IS NOT NULL)
  AND id NOT IN (SELECT id FROM ledger.undo)`;
  const nights = `as_of < ${day} AND as_of < (SELECT max(as_of) FROM ledger.run)`;
  return [
    { kind: 'versions', table: 'version', where: `id IN (${ended})` },
    { kind: 'events', table: 'event', where: `id IN (${ended})` },
    { kind: 'assignments', table: 'assignment', where: `anomaly_id IN (${ended})` },
    {
      kind: 'enterprises',
      table: 'enterprise',
      where: `uscc NOT IN (SELECT uscc FROM ledger.anomaly WHERE id NOT IN (${ended}))`,
    },
    { kind: 'anomalies', table: 'anomaly', where: `id IN (${ended})` },
    { kind: 'nights', table: 'run_source', where: nights },
    { kind: 'nights', table: 'run_check', where: nights },
    { kind: 'nights', table: 'run', where: nights },
  ];
}

/** The day before which things are past their time, counted back from the last night: no clock is asked. */
export async function cutoffOf(session: Session, keepDays: number): Promise<string | undefined> {
  const d = session.dialect;
  const [row] = await session.rows<{ day: string | null }>(
    `SELECT ${d.formatDate(d.addDays('max(as_of)', String(-keepDays)))} AS day FROM ledger.run`,
  );
  return row?.day ?? undefined;
}
