import { DuckDb } from '../../src/engine/duckdb/database.js';
import type { Row } from '../../src/engine/engine.js';
import { openLedger } from '../../src/ledger/open.js';
import { LEDGER_TABLES } from '../../src/ledger/tables.js';

/** Asks a ledger. */
export async function ask<T extends object = Row>(state: string, sql: string): Promise<T[]> {
  const engine = await DuckDb.open();
  try {
    await openLedger(engine, state, 'read');
    return await engine.rows<T>(sql);
  } finally {
    engine.close();
  }
}

/** Everything that a ledger holds but the time at which it was written, and how far the audit log goes, which grows with every command. */
export async function dump(state: string): Promise<Record<string, unknown[]>> {
  const engine = await DuckDb.open();
  try {
    await openLedger(engine, state, 'read');
    const all: Record<string, unknown[]> = {};
    for (const [table, columns] of Object.entries(LEDGER_TABLES)) {
      if (table === 'audit_head') continue;
      const names = Object.keys(columns).filter((c) => c !== 'recorded_at');
      const list = names.map((c) => `"${c}"`).join(', ');
      all[table] = await engine.rows(
        `SELECT ${list} FROM ledger."${table}" ORDER BY ${names.map((_, i) => i + 1).join(', ')}`,
      );
    }
    return all;
  } finally {
    engine.close();
  }
}
