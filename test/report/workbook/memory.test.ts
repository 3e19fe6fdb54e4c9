import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DuckDb } from '../../../src/engine/duckdb/database.js';
import { writeWorkbook } from '../../../src/report/xlsx/package.js';
import type { Row } from '../../../src/report/xlsx/sheet.js';
import { Styles } from '../../../src/report/xlsx/styles.js';
import { directory } from '../../cli/world.js';
import { sheets } from './read.js';

const about = { title: '', subject: '', creator: '', styles: new Styles('Arial', 10) };

test('rows are asked for no faster than they reach the file', async () => {
  const path = join(directory(), 'many.xlsx');
  const rows = 20_000;
  let asked = 0;
  let waiting = 0;
  function* made(): Generator<Row> {
    // What cannot be compressed takes as much room in the file as it does here.
    for (let i = 0; i < rows; i++) {
      const text = createHash('sha512').update(String(i)).digest('base64') + i;
      asked += text.length;
      if (i % 1000 === 999) waiting = Math.max(waiting, asked * 0.75 - statSync(path).size);
      yield { cells: [text], styles: [0] };
    }
  }
  await writeWorkbook(path, { ...about, sheets: [{ name: 's', look: { widths: [10] }, rows: made }] });
  expect(asked).toBeGreaterThan(1_500_000);
  // Some pieces are on their way through the compressor; a tenth of the rows would be too much already.
  expect(waiting).toBeLessThan(600_000);
  expect((await sheets(path))[0]!.rows.length).toBe(rows);
});

test('the engine hands over a result some rows at a time', async () => {
  const db = await DuckDb.open();
  const sizes: number[] = [];
  for await (const rows of db.stream('SELECT i, NULL AS x FROM range(100000) r(i) ORDER BY i')) {
    if (sizes.length === 0) expect(rows[1]).toEqual([1, null]);
    sizes.push(rows.length);
  }
  // A result that is left early leaves the session fit for the next.
  for await (const _ of db.stream('SELECT i FROM range(100000) r(i)')) break;
  expect(await db.rows('SELECT 1 AS x')).toEqual([{ x: 1 }]);
  db.close();
  expect(sizes.reduce((a, b) => a + b, 0)).toBe(100_000);
  expect(Math.max(...sizes)).toBeLessThan(10_000);
});

test('what fails while a sheet is made is told, and no stream is left open', async () => {
  const path = join(directory(), 'broken.xlsx');
  function* broken(): Generator<Row> {
    yield { cells: ['x'], styles: [0] };
    throw new Error('the engine went away');
  }
  await expect(
    writeWorkbook(path, { ...about, sheets: [{ name: 's', look: { widths: [10] }, rows: broken }] }),
  ).rejects.toThrow('the engine went away');
  const nowhere = join(directory(), 'no', 'such', 'place.xlsx');
  await expect(
    writeWorkbook(nowhere, { ...about, sheets: [{ name: 's', look: { widths: [10] }, rows: () => [] }] }),
  ).rejects.toThrow(/ENOENT/);
});
