import { readableBy } from '../access.js';
import type { Hook } from '../config/project/hooks.js';
import { BiduiError, EXIT, formatProblem, usageError } from '../errors.js';
import { type Observer, tellAll } from '../run/events.js';
import { runHooks } from '../run/hooks/run-hooks.js';
import { onInterrupt } from '../run/interrupt.js';
import { jsonLog } from '../run/log.js';
import { writeMetrics } from '../run/metrics.js';
import { type RunReport, Tally } from '../run/tally.js';
import { redact } from '../secrets.js';
import { oneOf } from './options.js';
import { label, type Output, printable } from './output.js';
import type { WithProject } from './project.js';

export interface ObservedOptions extends WithProject {
  log?: string;
  metrics?: string;
  groupReadable?: boolean;
}

const INTERRUPTED = 130;

/**
 * A command that is watched: its log, its metrics file and its hooks, whatever becomes of it. None of them changes what it
 * does or how it ends.
 */
export async function observed(
  o: ObservedOptions,
  output: Output,
  work: (observer: Observer, output: Output) => Promise<number>,
): Promise<number> {
  const settings = o.loadedProject?.settings;
  if (o.groupReadable || settings?.access?.readable_by === 'group') readableBy('group');
  const json = o.log !== undefined && oneOf('--log', o.log, ['plain', 'json'] as const) === 'json';
  const metrics = metricsOf(o.metrics);
  const log = jsonLog((line) => output.err(redact(line)));
  const tally = new Tally();
  const said: Output = json
    ? { ...output, err: (text) => log.say(...leveled(text)), live: false, color: false }
    : output;
  const warn = (text: string) => said.err(`${label('warning', said)} ${printable(text)}`);

  const finish = async (report: RunReport) => {
    noteMetrics(metrics, report, warn);
    for (const text of await runHooks((settings?.hooks ?? []) as readonly Hook[], report)) warn(text);
    if (json) log.observe({ type: 'run_end', ...report });
    return report.exit;
  };
  // A signal leaves no time for hooks; the file is written at once.
  const done = onInterrupt(() => {
    const report = tally.over('interrupted', INTERRUPTED);
    noteMetrics(metrics, report, warn);
    if (json) log.observe({ type: 'run_end', ...report });
  });
  try {
    const code = await work(tellAll([tally.observe, ...(json ? [log.observe] : [])]), said);
    done();
    return await finish(tally.over('ok', code));
  } catch (error) {
    done();
    const problems = error instanceof BiduiError ? error.problems.map(formatProblem) : [String(error)];
    await finish(tally.over('failed', error instanceof BiduiError ? error.exit : EXIT.internal, problems.map(redact)));
    if (!json || !(error instanceof BiduiError)) throw error;
    for (const problem of problems) log.say('error', printable(problem));
    return error.exit;
  }
}

function metricsOf(path: string | undefined): string | undefined {
  if (path === undefined || path.endsWith('.prom')) return path;
  throw usageError({
    what: `--metrics ${path}: the textfile collector reads only files that end with .prom`,
    fix: `give ${path}.prom`,
  });
}

function noteMetrics(path: string | undefined, report: RunReport, warn: (text: string) => void): void {
  if (path === undefined) return;
  try {
    writeMetrics(path, report);
  } catch (error) {
    warn(
      `the metrics file ${path} cannot be written: ${(error as Error).message}\n  fix: make its directory writable for this user, or give another file with --metrics; the run itself is fine`,
    );
  }
}

/** What is written for people begins with its level. */
function leveled(text: string): [level: string, text: string] {
  const [, level, rest] = /^(warning|error): (.*)$/s.exec(text) ?? [];
  return level && rest !== undefined ? [level, rest] : ['info', text];
}
