import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { bidui, inProcess, runOf } from './bidui.js';
import { contents, type World, world } from './world.js';

const machineOf = (out: string) => JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')).machine;
const entriesIn = (dir: string) => readdirSync(dir).filter((n) => /^[0-9a-f]{64}$/.test(n));

/** Reports by content; of run.json what does not tell the machine. */
function reports(out: string): unknown[] {
  const { machine: _, ...record } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
  const files = [...contents(out)].filter(([name]) => name !== 'run.json');
  return [files, record];
}

async function run(w: World, ...more: string[]): Promise<unknown[]> {
  const told = await inProcess(runOf(w, ...more));
  expect([told.code, told.code ? told.err : '']).toEqual([0, '']);
  return reports(w.out);
}

describe('the cache', () => {
  test('changes no byte of the reports, cold, warm or half warm; only the part of run.json about the machine tells of it', async () => {
    const w = world();
    const cache = join(w.root, 'kept');
    const without = await run(w);
    expect(machineOf(w.out)).not.toHaveProperty('from_cache');
    expect(await run(w, '--cache', cache)).toEqual(without);
    expect(machineOf(w.out).from_cache).toEqual([]);
    expect(await run(w, '--cache', cache)).toEqual(without);
    const all = machineOf(w.out).from_cache as string[];
    expect(all.length).toBeGreaterThan(1);
    expect(await run(w, '--cache', cache, '--no-cache')).toEqual(without);

    const [some] = entriesIn(cache);
    rmSync(join(cache, some!, 'typed.parquet'));
    expect(await run(w, '--cache', cache)).toEqual(without);
    expect(machineOf(w.out).from_cache).toHaveLength(all.length - 1);
    expect(existsSync(join(cache, some!, 'typed.parquet'))).toBe(true);
  });

  test('lies beside the ledger, for its owner alone, and is pruned with it', async () => {
    const w = world();
    const state = join(w.root, 'ledger.duckdb');
    expect((await inProcess(runOf(w, '--state', state))).code).toBe(0);
    const cache = `${state}.cache`;
    // It holds personal data: nothing is kept that was not asked for.
    expect(existsSync(cache)).toBe(false);
    const project = join(w.root, 'bidui.yaml');
    writeFileSync(project, 'version: 1\nstate: ledger.duckdb\ncache: {}\n');
    expect((await inProcess(runOf(w, '--project', project))).code).toBe(0);
    expect(statSync(cache).mode & 0o077).toBe(0);
    const before = entriesIn(cache);
    const extract = readdirSync(w.input).find((n) => n.endsWith('.csv'))!;
    writeFileSync(join(w.input, extract), `${readFileSync(join(w.input, extract), 'utf8').trimEnd()}\n\n`);
    expect((await inProcess(runOf(w, '--project', project, '--as-of', '2026-08-01'))).code).toBe(0);
    expect(entriesIn(cache)).toHaveLength(before.length + 1);
    const prune = ['prune', '--keep-days', '60', '--project', project];
    expect((await inProcess([...prune, '--dry-run'])).out).toContain('would go: 1 extracts in the cache');
    expect((await inProcess(prune)).out).toContain('gone: 1 extracts in the cache');
    expect(entriesIn(cache)).toHaveLength(before.length);
  });

  test('is what a run goes on from that was killed after it had read its extracts', async () => {
    const w = world();
    const cache = join(w.root, 'kept');
    const without = await run(w);
    const killed = await bidui(runOf(w, '--cache', cache, '--log', 'json'), {
      watch: (child, err) => {
        if (/"step_end".*"ingest"|"step":"ingest".*"step_end"/.test(err)) child.kill('SIGKILL');
      },
    });
    expect(killed.signal).toBe('SIGKILL');
    // The executable once more: sources and build are not the same code.
    expect((await bidui(runOf(w, '--cache', cache))).code).toBe(0);
    expect(reports(w.out)).toEqual(without);
    expect(machineOf(w.out).from_cache.length).toBeGreaterThan(1);
  });

  test('knows an extract that came under another name', async () => {
    const w = world();
    const cache = join(w.root, 'kept');
    await run(w, '--cache', cache);
    const n = machineOf(w.out).from_cache.length;
    const extract = readdirSync(w.input).find((name) => name.endsWith('.csv') && !/\d{6}/.test(name))!;
    renameSync(join(w.input, extract), join(w.input, extract.replace('.csv', '_20260730.csv')));
    const warm = await run(w, '--cache', cache);
    expect(machineOf(w.out).from_cache).toContain(extract.replace('.csv', '_20260730.csv'));
    expect(machineOf(w.out).from_cache.length).toBeGreaterThan(n);
    expect(warm).toEqual(await run(w));
  });
});
