import { setTimeout as after } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { DuckDb } from '../../src/engine/duckdb/database.js';

const rss = () => process.memoryUsage.rss();

// Where the engine has no allocator of its own, the system's does as it likes.
test.runIf(process.platform === 'linux')(
  'memory that a statement has freed is given back while nobody asks for more',
  async () => {
    const engine = await DuckDb.open({ threads: 2, frugal: true });
    try {
      await engine.rows('SELECT 1 AS one');
      const before = rss();
      let most = 0;
      const watch = setInterval(() => {
        most = Math.max(most, rss());
      }, 20);
      await engine.rows('SELECT count(*) AS n FROM (SELECT DISTINCT hash(i) AS h FROM range(10000000) AS r(i)) AS t');
      clearInterval(watch);
      expect(most - before).toBeGreaterThan(300e6);
      for (let i = 0; i < 50 && rss() - before > (most - before) / 2; i++) await after(100);
      expect(rss() - before).toBeLessThan((most - before) / 2);
    } finally {
      engine.close();
    }
  },
);
