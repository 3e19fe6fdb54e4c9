import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { main } from '../../src/cli/main.js';
import type { World } from './world.js';

/** Another build of it may be tried by its path. */
export const BIN = resolve(process.env.BIDUI_BIN ?? 'bin/bidui.js');

export interface Told {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

/** The executable as a user starts it. `watch` sees it while it runs. */
export async function bidui(
  argv: readonly string[],
  o: { cwd?: string; env?: NodeJS.ProcessEnv; watch?: (child: ChildProcess, err: string) => void } = {},
): Promise<Told> {
  // The test runner has its own opinion of colours, which is not the user's.
  const { FORCE_COLOR: _, ...env } = process.env;
  const options: SpawnOptions = { cwd: o.cwd, env: { ...env, ...o.env }, stdio: ['ignore', 'pipe', 'pipe'] };
  const child = spawn(process.execPath, [BIN, ...argv], options);
  const told: Told = { code: null, signal: null, out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    told.out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    told.err += text;
    o.watch?.(child, told.err);
  });
  await new Promise<void>((done, failed) => {
    child.on('error', failed);
    child.on('close', (code, signal) => {
      told.code = code;
      told.signal = signal;
      done();
    });
  });
  return told;
}

/** The same command line within this process: much faster, for what does not depend on a process of its own. */
export async function inProcess(argv: readonly string[]): Promise<Told> {
  const told: Told = { code: null, signal: null, out: '', err: '' };
  told.code = await main([...argv], {
    out: (text) => {
      told.out += `${text}\n`;
    },
    err: (text) => {
      told.err += `${text}\n`;
    },
    live: false,
    color: false,
  });
  return told;
}

/** Arguments of a run over a world; later ones win. The CSV files alone: what else is made by default has tests of its own. */
export const runOf = (w: World, ...more: string[]): string[] => [
  'run',
  w.input,
  '--as-of',
  '2026-07-31',
  '--checks',
  w.checks,
  '--out',
  w.out,
  '--temp-dir',
  w.temp,
  '--format',
  'csv',
  ...more,
];
