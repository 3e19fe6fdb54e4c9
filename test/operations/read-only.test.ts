import { chmodSync, cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inProcess, runOf } from '../cli/bidui.js';
import { world } from '../cli/world.js';
import { asAnybody } from '../support/as-anybody.js';

/** A world that anybody may look at, with a directory in which nobody may write. */
function withClosed() {
  const w = world();
  const closed = join(w.root, 'closed');
  mkdirSync(closed);
  chmodSync(closed, 0o555);
  for (const dir of [w.root, w.temp]) chmodSync(dir, 0o777);
  return { w, closed };
}

test.each(['--state', '--metrics', '--write-baseline'])('%s in a directory that is read-only', async (option) => {
  const { w, closed } = withClosed();
  const file = join(closed, 'file.prom');
  const told = await asAnybody(() => inProcess(runOf(w, option, file)));
  expect(told.err).toContain(file);
  expect(told.err).toMatch(/\n {2}fix: /);
  expect(told.err).not.toMatch(/\n\s+at /);
  // A metrics file that cannot be written is told, and is no reason to lose the night.
  expect(told.code).toBe(option === '--metrics' ? 0 : 4);
  expect(readdirSync(closed)).toEqual([]);
});

test('extracts and checks may lie where nothing can be written', async () => {
  const { w, closed } = withClosed();
  chmodSync(closed, 0o755);
  for (const dir of ['in', 'checks']) cpSync(join(w.root, dir), join(closed, dir), { recursive: true });
  for (const dir of ['in', 'checks', '.']) chmodSync(join(closed, dir), 0o555);
  const moved = { ...w, input: join(closed, 'in'), checks: join(closed, 'checks') };
  expect((await asAnybody(() => inProcess(runOf(moved)))).code).toBe(0);
  expect(readdirSync(closed).sort()).toEqual(['checks', 'in']);
});
