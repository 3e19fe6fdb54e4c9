import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { bidui, inProcess, runOf } from '../cli/bidui.js';
import { contents, type World, world } from '../cli/world.js';
import { dump } from '../ledger/dump.js';

const JUMPING = { NODE_OPTIONS: `--import ${resolve('test/operations/jumping-clock.mjs')}` };
const stateOf = (w: World) => join(w.root, 'ledger.duckdb');

/** Three nights; the reports of the last, but for the run record, which alone may tell the time. */
async function nights(w: World, env: NodeJS.ProcessEnv): Promise<Map<string, string>> {
  for (const asOf of ['2026-07-31', '2026-08-01', '2026-08-02']) {
    const told = await bidui(runOf(w, '--state', stateOf(w), '--as-of', asOf), { env });
    expect([told.code, told.err]).toEqual([0, expect.not.stringContaining('error')]);
  }
  const reports = contents(w.out);
  reports.delete('run.json');
  return reports;
}

test('a clock that jumps changes neither reports nor ledger, and the audit log still follows from entry to entry', async () => {
  const [steady, jumping] = [world(), world()];
  expect(await nights(jumping, JUMPING)).toEqual(await nights(steady, {}));
  expect(await dump(stateOf(jumping))).toEqual(await dump(stateOf(steady)));
  const { machine: _, ...record } = JSON.parse(readFileSync(join(jumping.out, 'run.json'), 'utf8'));
  const { machine: __, ...wanted } = JSON.parse(readFileSync(join(steady.out, 'run.json'), 'utf8'));
  expect(record).toEqual(wanted);
  expect((await inProcess(['audit', 'verify', '--state', stateOf(jumping)])).code).toBe(0);
  const runs = await bidui(['runs', '--state', stateOf(jumping)], { env: JUMPING });
  expect([runs.code, runs.out.match(/2026-0[78]-\d\d {2}ok/g)]).toEqual([
    0,
    ['2026-07-31  ok', '2026-08-01  ok', '2026-08-02  ok'],
  ]);
});
