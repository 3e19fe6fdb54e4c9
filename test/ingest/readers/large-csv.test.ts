import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadCsv } from '../../../src/ingest/formats/csv-load.js';
import { CHUNK_BYTES } from '../../../src/ingest/limits.js';
import { withScratchEngine } from '../../../src/run/scratch-engine.js';

const ROW = '苏州某某有限公司,苏州工业园区星湖街328号\n';
const DIALECT = { delimiter: ',', quote: '"' };

// To pack the cells took longer than to read them.
test('cells of a large file are not packed; its rows are numbered from the first', async () => {
  await withScratchEngine({ memory: '1GB' }, async (engine, dir) => {
    const path = join(dir, 'large.csv');
    const n = Math.ceil((5 * CHUNK_BYTES) / Buffer.byteLength(ROW));
    writeFileSync(path, `${ROW.repeat(n)}last,\n`);
    await engine.run('CREATE SCHEMA raw');
    const whole = { path, dialect: DIALECT, width: 2, numbered: false, padded: false };
    expect(await loadCsv(engine, 'raw.x', whole)).toBe(n + 1);
    expect(
      await engine.rows('SELECT count(*) AS n, min(_row) AS first, max(_row) AS last FROM raw.x WHERE c1 IS NOT NULL'),
    ).toEqual([{ n, first: 1, last: n }]);
    expect(await engine.rows(`SELECT _row, c1 FROM raw.x WHERE c0 = 'last'`)).toEqual([{ _row: n + 1, c1: null }]);
    const packed = `SELECT DISTINCT compression FROM pragma_storage_info('raw.x') WHERE segment_type = 'VARCHAR'`;
    expect(await engine.rows(packed)).toEqual([{ compression: 'Uncompressed' }]);
    // A table that could not be filled is not there.
    await expect(loadCsv(engine, 'raw.z', { ...whole, width: 3 })).rejects.toThrow();
    expect(await engine.rows(`SELECT table_name AS name FROM duckdb_tables()`)).toEqual([{ name: 'x' }]);
    // Records that have their numbers with them.
    writeFileSync(path, Array.from({ length: 150_000 }, (_, i) => `${2 * i + 1},${ROW}`).join(''));
    expect(await loadCsv(engine, 'raw.y', { ...whole, numbered: true })).toBe(150_000);
    expect(await engine.rows('SELECT _row, c0 FROM raw.y ORDER BY _row DESC LIMIT 1')).toEqual([
      { _row: 299_999, c0: '苏州某某有限公司' },
    ]);
  });
}, 30_000);
