import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { LedgerSummary } from '../../src/ledger/summary.js';
import { inProcess } from '../cli/bidui.js';
import { ask, dump } from './dump.js';
import { type Expected, expectedLedger, nights, type World, writeNight } from './nights.js';
import { nightOf, type Park, park } from './park.js';

const COUNT = 10;
const ENTERPRISES = 60;

/** A run of one night; answers what it said of the ledger. */
async function run(p: Park, w: World, n: number, ...more: string[]): Promise<LedgerSummary> {
  const out = join(p.root, `out-${n}`);
  const input = writeNight(join(p.root, `night-${n}-${Object.values(w.delivered).join('-')}`), w);
  const told = await inProcess(nightOf(p, input, w.asOf, '--out', out, ...more));
  expect(told.err.replace(/^(ingest|compare|details) …$/gm, '').trim()).not.toMatch(/error/);
  expect(told.code).toBe(0);
  return JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8')).ledger;
}

async function known(state: string): Promise<Map<string, Expected>> {
  const rows = await ask<Expected & { k: string }>(
    state,
    `SELECT check_id || '|' || uscc || '|' || about AS k, state, strftime(first_seen, '%Y-%m-%d') AS first,
       strftime(last_seen, '%Y-%m-%d') AS last, runs, reopened FROM ledger.anomaly`,
  );
  return new Map(rows.map(({ k, ...rest }) => [k, rest]));
}

const sorted = (m: Map<string, Expected>) => Object.fromEntries([...m].sort(([a], [b]) => (a < b ? -1 : 1)));

/** Night after night: what is found adds up, and the ledger is what the world says it ought to be. */
async function live(p: Park, worlds: readonly World[]): Promise<void> {
  const states = new Set<string>();
  for (const [n, w] of worlds.entries()) {
    const l = await run(p, w, n);
    expect(l.new + l.persisting + l.reopened).toBe(l.found);
    const ledger = await known(p.state);
    expect(sorted(ledger)).toEqual(sorted(expectedLedger(worlds.slice(0, n + 1))));
    for (const x of ledger.values()) states.add(x.state);
  }
  // The story is worth telling only if much happens in it.
  expect([...states].sort()).toEqual(['new', 'not_comparable', 'persisting', 'reopened', 'resolved']);
  expect(worlds.some((w) => !w.delivered.tax)).toBe(true);
  expect(worlds.some((w) => !w.delivered.permit)).toBe(true);
}

const LONG = 400_000;

test.each([2, 3])(
  'nights of seed %i come out as the world says',
  (seed) => live(park(), nights(COUNT, ENTERPRISES, seed)),
  LONG,
);

describe('successive nights', () => {
  const worlds = nights(COUNT, ENTERPRISES, 1);
  let undisturbed: Park;
  beforeAll(async () => {
    undisturbed = park();
    await live(undisturbed, worlds);
  }, LONG);

  test(
    'are the same in the ledger where each is run twice',
    async () => {
      const p = park();
      for (const [n, w] of worlds.entries()) {
        await run(p, w, n);
        const before = await dump(p.state);
        await run(p, w, n);
        expect(await dump(p.state)).toEqual(before);
      }
      expect(await dump(p.state)).toEqual(await dump(undisturbed.state));
    },
    LONG,
  );

  test(
    'are the same where each was first run with extracts missing, or in English and unmasked',
    async () => {
      const p = park();
      for (const [n, w] of worlds.entries()) {
        if (n % 3 === 0) await run(p, { ...w, delivered: { tax: false, permit: false } }, n);
        if (n % 3 === 1) await run(p, w, n, '--lang', 'en', '--unmasked');
        if (n % 3 === 2) await run(p, { ...w, delivered: { tax: !w.delivered.tax, permit: true } }, n);
        await run(p, w, n);
      }
      expect(await dump(p.state)).toEqual(await dump(undisturbed.state));
    },
    LONG,
  );

  test(
    'are the same for every anomaly where part of the library was run before or after the whole',
    async () => {
      const p = park();
      for (const [n, w] of worlds.entries()) {
        if (n % 2 === 0) await run(p, { ...w, delivered: { tax: false, permit: true } }, n, '--scope', '重点');
        await run(p, w, n);
        if (n % 3 === 0) await run(p, w, n, '--scope', '重点');
      }
      const [a, b] = [await dump(p.state), await dump(undisturbed.state)];
      for (const table of ['anomaly', 'event', 'version', 'enterprise']) expect(a[table]).toEqual(b[table]);
    },
    LONG,
  );

  test('leave no personal data in the ledger, not even unmasked', async () => {
    const p = park();
    for (const [n, w] of worlds.slice(0, 4).entries()) {
      await run(p, { ...w, delivered: { tax: true, permit: true } }, n, '--unmasked');
    }
    expect(JSON.stringify(await dump(p.state))).not.toContain('张三丰');
    expect(readFileSync(join(p.root, 'out-3', 'anomalies.csv'), 'utf8')).toContain('张三丰');
  });

  test('are told in the reports as they stand in the ledger', async () => {
    const last = worlds.length - 1;
    const csv = readFileSync(join(undisturbed.root, `out-${last}`, 'anomalies.csv'), 'utf8');
    const l: LedgerSummary = JSON.parse(
      readFileSync(join(undisturbed.root, `out-${last}`, 'summary.json'), 'utf8'),
    ).ledger;
    const count = (word: string) => csv.split(`"${word}"`).length - 1;
    expect([count('新增'), count('持续'), count('复现')]).toEqual([l.new, l.persisting, l.reopened]);
    const followed = readFileSync(join(undisturbed.root, `out-${last}`, 'followed.csv'), 'utf8');
    expect(followed.split('"已消除"').length - 1).toBe(l.resolved);
    expect(followed.split('"无法比对"').length - 1).toBe(l.not_comparable);
  });
});

test('a night before the last one is refused, and nothing is changed', async () => {
  const p = park();
  const worlds = nights(3, 10, 5);
  await run(p, worlds[0]!, 0);
  await run(p, worlds[2]!, 2);
  const before = await dump(p.state);
  const input = writeNight(join(p.root, 'late'), worlds[1]!);
  const told = await inProcess(nightOf(p, input, worlds[1]!.asOf, '--out', join(p.root, 'late-out')));
  expect(told.code).toBe(2);
  expect(told.err).toContain(`before the last night in the ledger, ${worlds[2]!.asOf}`);
  expect(await dump(p.state)).toEqual(before);
});
