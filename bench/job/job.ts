import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Job, Step } from '../results.js';
import { AS_OF, type EngineSettings } from '../settings.js';
import { diskOf } from './disk.js';

interface Told {
  start?: string;
  end?: string;
  wall?: number;
  cpu?: number;
  peakRss?: number;
  done?: boolean;
  anomalies?: number;
  held?: unknown[];
}

/** How often the intermediate files are looked at: a spill that comes and goes in between is not seen. */
const LOOK_MS = 100;

/** The full job on a directory of extracts, with a new ledger, as a child process; `keep` is its ingest cache, if it has one. */
export async function fullJob(
  root: string,
  inputDir: string,
  cache: string,
  o: EngineSettings,
  keep?: string,
): Promise<Job> {
  mkdirSync(cache, { recursive: true });
  const scratch = mkdtempSync(join(resolve(cache), 'job-'));
  const tempDir = join(scratch, 'temp');
  mkdirSync(tempDir);
  try {
    const options = {
      inputDir: resolve(inputDir),
      outDir: join(scratch, 'out'),
      state: join(scratch, 'ledger.duckdb'),
      asOf: AS_OF,
      tempDir,
      cache: keep,
      threads: o.threads,
      memory: o.memoryLimit,
    };
    return await watch(root, options, tempDir);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function watch(root: string, options: object, tempDir: string): Promise<Job> {
  const started = performance.now();
  const steps: Step[] = [];
  let current: Step = newStep('start');
  let job: Job | undefined;
  const child = fork('bench/job/child.mjs', [root, JSON.stringify(options)], { execArgv: [], stdio: 'inherit' });
  const look = setInterval(() => {
    const seen = diskOf(tempDir);
    current.spilled = Math.max(current.spilled, seen.spilled);
    current.disk = Math.max(current.disk, seen.disk);
  }, LOOK_MS);
  child.on('message', (m: Told) => {
    if (m.start) current = newStep(m.start);
    if (m.end) steps.push(Object.assign(current, { wall: m.wall, cpu: m.cpu, peakRss: m.peakRss }));
    if (m.done) {
      job = {
        steps,
        wall: 0,
        cpu: m.cpu!,
        anomalies: m.anomalies!,
        held: m.held!.length,
        peakRss: Math.max(...steps.map((s) => s.peakRss)),
        spilled: Math.max(...steps.map((s) => s.spilled)),
        disk: Math.max(...steps.map((s) => s.disk)),
      };
    }
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code, signal) => {
      clearInterval(look);
      // The whole process counts: starting up and ending too.
      if (job) done({ ...job, wall: (performance.now() - started) / 1000 });
      else fail(new Error(`the job ended with ${code ?? signal}`));
    });
  });
}

const newStep = (step: string): Step => ({ step, wall: 0, cpu: 0, peakRss: 0, spilled: 0, disk: 0 });
