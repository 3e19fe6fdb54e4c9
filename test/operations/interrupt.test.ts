import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bidui, inProcess, runOf } from '../cli/bidui.js';
import { withEarlierReports } from '../cli/refused.js';
import { contents, EXTRACTS, world } from '../cli/world.js';
import { dump } from '../ledger/dump.js';

const rows = Array.from(
  { length: 300_000 },
  (_, i) => `P${i},${i % 3 ? '91320594MA1TEXT06F' : ''},某公司${i},张三,2025-06-30,100`,
);

/** What is promised are 2 s; a machine that does much else besides is given more here. docs/operations.md has the figures. */
const LIMIT_MS = 8_000;

test.each([
  ['SIGTERM', 'ingest', 600],
  ['SIGTERM', 'compare', 200],
  ['SIGINT', 'ledger', 20],
  ['SIGTERM', 'report', 50],
] as const)(
  '%s in %s ends a long run soon; ledger and reports are as they were, and the log says so',
  async (signal, step, after) => {
    const w = withEarlierReports(
      world({ extracts: { '许可证.csv': `${EXTRACTS['许可证.csv']}${rows.join('\n')}\n` } }),
    );
    const state = join(w.root, 'ledger.duckdb');
    expect(
      (await inProcess(runOf(w, '--state', state, '--theme', 'people', '--out', join(w.root, 'first')))).code,
    ).toBe(0);
    const [ledger, reports] = [await dump(state), contents(w.out)];
    let sent = 0;
    const told = await bidui(runOf(w, '--state', state, '--log', 'json', '--metrics', join(w.root, 'm.prom')), {
      watch: (child, err) => {
        if (sent > 0 || !err.includes(`"event":"step_start","step":"${step}"`)) return;
        sent = 1;
        setTimeout(() => {
          sent = performance.now();
          child.kill(signal);
        }, after);
      },
    });
    const took = performance.now() - sent;
    expect([told.code, told.signal]).toEqual([null, signal]);
    if (process.env.KILLS) process.stderr.write(`${signal} in ${step}: ${Math.round(took)} ms\n`);
    expect(took).toBeLessThan(LIMIT_MS);
    expect(contents(w.out)).toEqual(reports);
    expect(await dump(state)).toEqual(ledger);
    expect(readdirSync(w.temp)).toEqual([]);
    expect(readdirSync(w.root).filter((n) => n.startsWith('.') || n.endsWith('.lock'))).toEqual([]);
    const runs = JSON.parse((await inProcess(['runs', '--state', state, '--format', 'json'])).out) as {
      outcome: string;
    }[];
    expect(runs.at(-1)?.outcome).toBe('interrupted');
  },
);
