import { expect, test } from 'vitest';
import { DuckDb } from '../../src/engine/duckdb/database.js';

test('one thread for each statement, in every session, and still so when sealed', async () => {
  const engine = await DuckDb.open({ threads: 3 });
  try {
    await engine.oneThreadEach();
    await engine.seal([]);
    const session = await engine.session();
    const [row] = await session.rows<{ n: number }>(`SELECT current_setting('threads') AS n`);
    expect(Number(row?.n)).toBe(1);
    session.close();
  } finally {
    engine.close();
  }
});
