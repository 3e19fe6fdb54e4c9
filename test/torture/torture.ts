import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { verify } from '../../src/ledger/audit/verify.js';
import { dump } from '../ledger/dump.js';
import { nights, type World, writeNight } from '../ledger/nights.js';
import type { Park } from '../ledger/park.js';
import { random } from '../support/random.js';

const BIN = resolve('bin/bidui.js');

/** Where in a run a kill may fall: before its first step, or so far into one of them. */
export const STAGES = ['start', 'ingest', 'compare', 'ledger', 'report', 'ledger_commit'] as const;
export type Stage = (typeof STAGES)[number];

interface Ended {
  how: string;
  /** The step it was in. */
  stage: Stage;
  steps: Map<string, number>;
  err: string;
}

const argvOf = (p: Park, w: World, n: number): string[] => [
  ...['run', writeNight(join(p.root, `night-${n}`), w), '--as-of', w.asOf, '--checks', p.checks, '--no-guards'],
  ...['--out', join(p.root, 'out'), '--state', p.state, '--temp-dir', join(p.root, 'temp'), '--log', 'json'],
];

/** Runs; with `kill`, SIGKILL comes so many milliseconds after that stage began. */
function start(argv: string[], kill?: { stage: Stage; after: number }): Promise<Ended> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [BIN, ...argv], { stdio: ['ignore', 'ignore', 'pipe'] });
    const steps = new Map<string, number>();
    let stage: Stage = 'start';
    let err = '';
    let timer: NodeJS.Timeout | undefined;
    const arm = () => {
      if (kill && kill.stage === stage && !timer) timer = setTimeout(() => child.kill('SIGKILL'), kill.after);
    };
    arm();
    let rest = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err += text;
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines.filter((l) => l.startsWith('{'))) {
        const e = JSON.parse(line) as { event: string; step?: Stage; seconds?: number };
        if (e.event === 'step_start' && e.step) {
          stage = e.step;
          arm();
        }
        if (e.event === 'step_end' && e.step) steps.set(e.step, (e.seconds ?? 0) * 1000);
      }
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      done({ how: signal ?? (code === 0 ? 'ok' : `exit ${code}`), stage, steps, err });
    });
  });
}

/** Every report by its digest, but what tells of this execution alone. */
function reports(p: Park): string {
  const out = join(p.root, 'out');
  if (!existsSync(out)) return 'none';
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  const digests = files.map((e) => {
    const path = join(e.parentPath, e.name);
    let text = readFileSync(path, 'utf8');
    if (e.name === 'run.json') {
      const { machine: _, ...rest } = JSON.parse(text) as Record<string, unknown>;
      text = JSON.stringify(rest);
    }
    return `${path.slice(out.length)} ${createHash('sha256').update(text).digest('hex')}`;
  });
  return digests.sort().join('\n');
}

const LEFT = /^(?:checks|night-\d+|out|temp|ledger\.duckdb|ledger\.duckdb\.audit\.jsonl)$/;

/** What lies about that a run which ended well leaves nothing of. */
const litter = (p: Park): string[] => [
  ...readdirSync(p.root).filter((name) => !LEFT.test(name)),
  ...readdirSync(join(p.root, 'temp')).map((name) => `temp/${name}`),
];

export interface Outcome {
  kills: number;
  nights: number;
  /** Kills by the step they fell into. */
  byStage: Record<string, number>;
  /** Runs that had ended before the kill came. */
  survived: number;
  /** What the kill left: the ledger and the reports, each of before or after. */
  left: Record<string, number>;
  faults: string[];
}

const text = (x: unknown) => JSON.stringify(x);

/**
 * Nights, each begun again and again and killed at a random moment, until so many kills have fallen. After each: the ledger is that
 * of before or that of after, the reports are those of before or those of after, whole, and the audit log is whole. Then
 * the night is run undisturbed: all is as in a park where nobody was ever killed, and nothing lies about.
 */
export async function torture(
  quiet: Park,
  tortured: Park,
  o: { kills: number; seed: number; perNight: number; enterprises: number; tell?: (line: string) => void },
): Promise<Outcome> {
  const r = random(o.seed);
  // A night may be over at its first kill.
  const worlds = nights(o.kills + 1, o.enterprises, o.seed);
  const result: Outcome = { kills: 0, nights: 0, byStage: {}, survived: 0, left: {}, faults: [] };
  const count = (of: Record<string, number>, key: string) => {
    of[key] = (of[key] ?? 0) + 1;
  };
  const fault = (what: string) => result.faults.push(`seed ${o.seed}, kill ${result.kills}: ${what}`);
  let before = { ledger: '', reports: 'none' };
  for (const [n, w] of worlds.entries()) {
    const calm = await start(argvOf(quiet, w, n));
    if (calm.how !== 'ok') throw new Error(`the undisturbed run failed: ${calm.how}\n${calm.err}`);
    const after = { ledger: text(await dump(quiet.state)), reports: reports(quiet) };
    const argv = argvOf(tortured, w, n);
    for (let k = 0; k < o.perNight && result.kills < o.kills; k++) {
      const stage = STAGES[Math.floor(r() * STAGES.length)]!;
      // As long as the step took undisturbed and somewhat more: some fall into what comes after it.
      const span = stage === 'start' ? 900 : (calm.steps.get(stage) ?? 50) * 1.3 + 5;
      const end = await start(argv, { stage, after: r() * span });
      if (end.how !== 'SIGKILL') {
        if (end.how !== 'ok') fault(`a run ended with ${end.how}: ${end.err.slice(-500)}`);
        result.survived += 1;
      } else {
        result.kills += 1;
        count(result.byStage, end.stage);
      }
      const ledger = existsSync(tortured.state) ? await ledgerText(tortured.state) : '';
      const which = {
        ledger: whichOf(ledger, before.ledger, after.ledger),
        reports: whichOf(reports(tortured), before.reports, after.reports),
      };
      count(result.left, `ledger ${which.ledger}, reports ${which.reports}`);
      if (which.ledger === 'between') fault('the ledger is neither that of before nor that of after');
      if (which.reports === 'between') fault('the reports are neither those of before nor those of after');
      if (which.ledger === 'before' && which.reports === 'after')
        fault('reports of a night that the ledger does not know');
      for (const f of verify(tortured.state, undefined).faults) fault(`audit: ${f.what}`);
      o.tell?.(`${result.kills} ${end.how} in ${end.stage}: ledger ${which.ledger}, reports ${which.reports}`);
      // Told of all along, the rest of this night could only be the same again.
      if (which.ledger === 'after' && which.reports === 'after' && before.ledger !== after.ledger) break;
    }
    const end = await start(argv);
    if (end.how !== 'ok') fault(`the next run does not start clean: ${end.how}: ${end.err.slice(-500)}`);
    if (text(await dump(tortured.state)) !== after.ledger) fault('the ledger is not as if nobody had been killed');
    if (reports(tortured) !== after.reports) fault('the reports are not as if nobody had been killed');
    const lying = litter(tortured);
    if (lying.length > 0) fault(`left lying about: ${lying.join(', ')}`);
    before = after;
    result.nights += 1;
    if (result.kills >= o.kills) break;
  }
  return result;
}

/** A ledger that was being made when its process was killed holds nothing, which is what it held before. */
async function ledgerText(state: string): Promise<string> {
  try {
    return text(await dump(state));
  } catch {
    return '';
  }
}

const EMPTY = /^\{(?:"[a-z_]+":\[\],?)*\}$/;

function whichOf(x: string, before: string, after: string): 'before' | 'after' | 'between' {
  if (x === after) return 'after';
  if (x === before) return 'before';
  // Made, and no night written into it yet.
  const bare = x.replace(/"about":\[[^\]]*\]/, '"about":[]');
  return before === '' && EMPTY.test(bare) ? 'before' : 'between';
}
