import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { random } from '../support/random.js';
import { dump } from './dump.js';
import { expectedLedger, nights, type World, writeNight } from './nights.js';
import { nightOf, type Park, park } from './park.js';

const BIN = resolve('bin/bidui.js');
const KILLED = resolve('test/ledger/killed-run.mjs');
const LONG = 900_000;

const argvOf = (p: Park, w: World, n: number): string[] => {
  const input = writeNight(join(p.root, `night-${n}`), w);
  return nightOf(p, input, w.asOf, '--temp-dir', p.root);
};

/** Ends with the signal or the exit code. With `after`, the process is killed that many milliseconds into its life. */
function start(argv: string[], after?: number): Promise<string> {
  return new Promise((done) => {
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'ignore', 'pipe'] });
    let told = '';
    child.stderr.on('data', (text) => {
      told += text;
    });
    const timer = after === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), after);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      done(signal ?? (code === 0 ? 'ok' : `exit ${code}: ${told}`));
    });
  });
}

const COUNT = 6;
const worlds = nights(COUNT, 40, 11);

test(
  'a process killed at any moment leaves the ledger of before or after, and the next run goes on from there',
  async () => {
    const undisturbed = park();
    for (const [n, w] of worlds.entries()) expect(await start([BIN, ...argvOf(undisturbed, w, n)])).toBe('ok');
    const wanted = await dump(undisturbed.state);
    expect(wanted.anomaly!.length).toBe(expectedLedger(worlds).size);

    const p = park();
    const r = random(7);
    const ends: Record<string, number> = {};
    for (const [n, w] of worlds.entries()) {
      const argv = argvOf(p, w, n);
      const before = existsSync(p.state) ? await dump(p.state) : undefined;
      const report = existsSync(join(p.root, 'out'))
        ? readFileSync(join(p.root, 'out', 'run.json'), 'utf8')
        : undefined;
      const began = performance.now();
      // At a statement of the transaction: the ledger is that of before.
      const at = 1 + Math.floor(r() * 14);
      const end = await start([KILLED, String(at), ...argv]);
      ends[end] = (ends[end] ?? 0) + 1;
      const took = performance.now() - began;
      if (before) expect(await dump(p.state)).toEqual(before);
      if (report) expect(readFileSync(join(p.root, 'out', 'run.json'), 'utf8')).toBe(report);
      // At some moment of its life.
      for (let i = 0; i < 2; i++) {
        const by = await start([BIN, ...argv], r() * took);
        ends[by] = (ends[by] ?? 0) + 1;
      }
      // Between the ledger and the reports: the ledger is that of after, the reports are made up for by the next run.
      if (n % 2 === 0) {
        const by = await start([KILLED, 'committed', ...argv]);
        ends[by] = (ends[by] ?? 0) + 1;
      }
      expect(await start([BIN, ...argv])).toBe('ok');
    }
    expect(ends.SIGKILL).toBeGreaterThanOrEqual(COUNT);
    expect(await dump(p.state)).toEqual(wanted);
    expect(readFileSync(join(p.root, 'out', 'anomalies.csv'), 'utf8')).toBe(
      readFileSync(join(undisturbed.root, 'out', 'anomalies.csv'), 'utf8'),
    );
  },
  LONG,
);
