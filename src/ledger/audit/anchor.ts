import type { Session } from '../../engine/engine.js';
import { hasTable } from '../tables.js';
import type { Head } from './log.js';

/** The end of the audit log as the ledger knows it: what is cut off the log shows against it. */
export async function anchorOf(session: Session): Promise<Head | undefined> {
  if (!(await hasTable(session, 'audit_head'))) return undefined;
  const [row] = await session.rows<{ seq: number; hash: string; bytes: number }>(
    'SELECT seq, hash, bytes FROM ledger.audit_head',
  );
  return row ? { seq: Number(row.seq), hash: row.hash, bytes: Number(row.bytes) } : undefined;
}

export async function setAnchor(session: Session, head: Head): Promise<void> {
  await session.transaction(async () => {
    await session.run('DELETE FROM ledger.audit_head');
    await session.run(
      `INSERT INTO ledger.audit_head VALUES (${head.seq}, ${session.dialect.text(head.hash)}, ${head.bytes})`,
    );
  });
}
