import type { Session } from '../engine/engine.js';

/**
 * Reports whose night is written down and which are not in their place yet. It is written in the night's own transaction:
 * whoever opens the ledger next knows what a killed process still had to do, and does it.
 */
export interface Publication {
  run: string;
  /** Where the finished reports lie. */
  staging: string;
  /** Where they belong. */
  target: string;
  /** Digest of these reports, and of those they replace ('' for none): whether it was done already can be told by it. */
  made: string;
  replaces: string;
}

export async function promise(session: Session, p: Publication): Promise<void> {
  const values = [p.run, p.staging, p.target, p.made, p.replaces].map((x) => session.dialect.text(x));
  await session.run(`INSERT INTO ledger.publication VALUES (${values.join(', ')})`);
}

export const promised = (session: Session): Promise<Publication[]> =>
  session.rows<Publication>('SELECT run, staging, target, made, replaces FROM ledger.publication');

export const fulfilled = (session: Session, run: string): Promise<number> =>
  session.run(`DELETE FROM ledger.publication WHERE run = ${session.dialect.text(run)}`);
