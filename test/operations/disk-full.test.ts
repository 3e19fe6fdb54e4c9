import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { bidui, runOf } from '../cli/bidui.js';
import { contents, EXTRACTS, type World, world } from '../cli/world.js';
import { dump } from '../ledger/dump.js';

/** A small disk of its own can only be had where this user may mount one: as root, as most build machines are. */
function disk(dir: string, kilobytes: number): void {
  mkdirSync(dir, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${kilobytes}k`, 'tmpfs', dir], { stdio: 'pipe' });
  mounted.push(dir);
}

const mounted: string[] = [];
afterEach(() => {
  for (const dir of mounted.splice(0)) execFileSync('umount', [dir]);
});

const mayMount = (() => {
  try {
    disk(join(world().root, 'try'), 64);
    execFileSync('umount', [mounted.pop()!]);
    return true;
  } catch {
    return false;
  }
})();

/** Leaves only so much room. */
function fill(dir: string, leave: number): void {
  const { bavail, bsize } = statfsSync(dir);
  writeFileSync(join(dir, 'filler'), Buffer.alloc(Math.max(0, bavail * bsize - leave * 1024)));
}

const rows = Array.from(
  { length: 5000 },
  (_, i) => `P${i},${i % 2 ? '91320594MA1TEXT06F' : ''},某公司${i},张三,2025-06-30,100`,
);
const big = () => world({ extracts: { '许可证.csv': `${EXTRACTS['许可证.csv']}${rows.join('\n')}\n` } });

interface Nights extends World {
  state: string;
  disk: string;
}

/** A night that went well; another with other data is to come, and one of its directories is on a small disk. */
async function afterANight(where: { out?: boolean; state?: boolean }, size: number): Promise<Nights> {
  const w = big();
  const at = join(w.root, 'disk');
  disk(at, size);
  const night = {
    ...w,
    disk: at,
    out: where.out ? join(at, 'out') : w.out,
    state: where.state ? join(at, 'ledger.duckdb') : join(w.root, 'ledger.duckdb'),
  };
  expect((await bidui(runOf(night, '--state', night.state, '--theme', 'people'))).code).toBe(0);
  return night;
}

describe.skipIf(!mayMount)('a full disk', () => {
  test('for intermediate data: exit 5; reports and ledger are as they were', async () => {
    const w = await afterANight({}, 300);
    const [reports, ledger] = [contents(w.out), await dump(w.state)];
    const told = await bidui(runOf({ ...w, temp: w.disk }, '--state', w.state));
    expect([told.code, told.err]).toEqual([5, expect.stringContaining('no room left for intermediate data')]);
    expect(told.err).toContain('--temp-dir');
    expect(contents(w.out)).toEqual(reports);
    expect(await dump(w.state)).toEqual(ledger);
    expect(readdirSync(w.disk)).toEqual([]);
    expect((await bidui(runOf(w, '--state', w.state))).code).toBe(0);
  });

  test('for reports: exit 4; reports and ledger are as they were', async () => {
    const w = await afterANight({ out: true }, 4000);
    const [reports, ledger] = [contents(w.out), await dump(w.state)];
    fill(w.disk, 40);
    const told = await bidui(runOf(w, '--state', w.state));
    expect([told.code, told.err]).toEqual([4, expect.stringMatching(/disk .*is full|disk is full/)]);
    expect(told.err).toContain('earlier reports are untouched');
    expect(contents(w.out)).toEqual(reports);
    expect(await dump(w.state)).toEqual(ledger);
    expect(readdirSync(w.disk).sort()).toEqual(['filler', 'out']);
    const [last] = (
      JSON.parse((await bidui(['runs', '--state', w.state, '--format', 'json'])).out) as {
        outcome: string;
        end: object;
      }[]
    ).reverse();
    expect(last).toMatchObject({ outcome: 'failed', end: { exit: 4 } });
  });

  test('for the ledger: exit 4; reports and ledger are as they were, and it goes on when there is room', async () => {
    const w = await afterANight({ state: true }, 24_000);
    const [reports, ledger] = [contents(w.out), await dump(w.state)];
    fill(w.disk, 8);
    const told = await bidui(runOf(w, '--state', w.state));
    expect([told.code, told.err]).toEqual([4, expect.stringMatching(/the disk that the ledger .* lies on is full/)]);
    expect(contents(w.out)).toEqual(reports);
    // Read where there is room: on its own disk not even that could be written which reading may have to.
    const copy = join(w.root, 'copy');
    cpSync(w.disk, copy, { recursive: true, filter: (path) => !path.endsWith('filler') });
    expect(await dump(join(copy, 'ledger.duckdb'))).toEqual(ledger);
    execFileSync('rm', [join(w.disk, 'filler')]);
    const next = await bidui(runOf(w, '--state', w.state));
    expect([next.code, next.err]).toEqual([0, expect.not.stringContaining('warning: the ledger')]);
    expect(readFileSync(join(w.out, 'run.json'), 'utf8')).toContain('"anomalies"');
    expect((await bidui(['audit', 'verify', '--state', w.state])).code).toBe(0);
  });

  test('for a ledger that is to be made: exit 4, and it can be made when there is room', async () => {
    const w = big();
    const at = join(w.root, 'disk');
    disk(at, 24_000);
    fill(at, 8);
    const state = join(at, 'ledger.duckdb');
    const told = await bidui(runOf(w, '--state', state));
    expect([told.code, told.err]).toEqual([4, expect.stringMatching(/the disk that the ledger .* lies on is full/)]);
    execFileSync('rm', [join(at, 'filler')]);
    expect((await bidui(runOf(w, '--state', state))).code).toBe(0);
  });
});
