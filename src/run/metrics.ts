import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { RunReport } from './tally.js';

type Labels = Readonly<Record<string, string>>;
interface Metric {
  name: string;
  help: string;
  values: (readonly [Labels, number])[];
}

const LAST_SUCCESS = 'bidui_last_success_timestamp_seconds';

/** A run in the text format of Prometheus. `lastSuccess`: of the runs before, where this one failed. */
export function metricsText(r: RunReport, lastSuccess?: number): string {
  const ended = Date.parse(r.ended) / 1000;
  const success = r.outcome === 'ok' ? ended : lastSuccess;
  const by = <T>(label: string, of: Readonly<Record<string, T>>, value: (x: T) => number | undefined) =>
    Object.entries(of).flatMap(([key, x]) => {
      const n = value(x);
      return n === undefined ? [] : [[{ [label]: key }, n] as const];
    });
  const one = (n: number | undefined): Metric['values'] => (n === undefined ? [] : [[{}, n]]);
  const rows = (state: string, of: (s: RunReport['sources'][string]) => number) =>
    Object.entries(r.sources).map(([source, s]) => [{ source, state }, of(s)] as const);
  const metrics: Metric[] = [
    {
      name: 'bidui_run_success',
      help: '1 if the last run ran, whatever it found; 0 if it could not.',
      values: one(r.outcome === 'ok' ? 1 : 0),
    },
    { name: 'bidui_run_exit_code', help: 'Exit code of the last run.', values: one(r.exit) },
    { name: 'bidui_run_timestamp_seconds', help: 'When the last run ended.', values: one(ended) },
    { name: LAST_SUCCESS, help: 'When a run last ran to its end.', values: one(success) },
    { name: 'bidui_run_duration_seconds', help: 'How long the last run took.', values: one(r.seconds) },
    {
      name: 'bidui_step_duration_seconds',
      help: 'How long each step took.',
      values: by('step', r.steps, (s) => s.seconds),
    },
    { name: 'bidui_step_rows', help: 'Rows of each step.', values: by('step', r.steps, (s) => s.rows) },
    {
      name: 'bidui_source_delivered',
      help: '1 if the source was delivered.',
      values: by('source', r.sources, (s) => (s.delivered ? 1 : 0)),
    },
    {
      name: 'bidui_source_rows',
      help: 'Rows of each source, and what became of them.',
      values: [
        ...rows('read', (s) => s.rows),
        ...rows('loaded', (s) => s.loaded),
        ...rows('quarantined', (s) => s.quarantined),
      ],
    },
    { name: 'bidui_enterprises', help: 'Enterprises that were judged.', values: one(r.enterprises) },
    { name: 'bidui_anomalies', help: 'Anomalies found, by severity.', values: by('severity', r.by_severity, (n) => n) },
    {
      name: 'bidui_anomalies_by_state',
      help: 'Anomalies by what the ledger makes of them.',
      values: by('state', r.by_state, (n) => n),
    },
    {
      name: 'bidui_guard_trips',
      help: 'What guards on data kept back or warned of.',
      values: by('action', r.guards, (n) => n),
    },
    { name: 'bidui_warnings', help: 'Warnings of the last run.', values: one(r.warnings) },
  ];
  const lines = metrics
    .filter((m) => m.values.length > 0)
    .flatMap((m) => [
      `# HELP ${m.name} ${m.help}`,
      `# TYPE ${m.name} gauge`,
      ...m.values.map(([labels, n]) => `${m.name}${labelText(labels)} ${n}`),
    ]);
  return `${lines.join('\n')}\n`;
}

const escaped = (text: string): string => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');

function labelText(labels: Labels): string {
  const all = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return all.length > 0 ? `{${all.join(',')}}` : '';
}

/**
 * Whole or not at all: the collector may read at any moment. Readable by all, since the collector is somebody else; there are
 * counts in it and nothing of any enterprise.
 */
export function writeMetrics(path: string, report: RunReport): void {
  const fresh = join(dirname(path), `.${basename(path)}.${process.pid}`);
  try {
    writeFileSync(fresh, metricsText(report, lastSuccess(path)), { mode: 0o600 });
    chmodSync(fresh, 0o644);
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/** What the file says already: a run that failed must not take the answer to "since when?" with it. */
function lastSuccess(path: string): number | undefined {
  try {
    const found = new RegExp(`^${LAST_SUCCESS} ([0-9.e+]+)$`, 'm').exec(readFileSync(path, 'utf8'));
    return found ? Number(found[1]) : undefined;
  } catch {
    return undefined;
  }
}
