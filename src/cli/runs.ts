import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { didYouMean } from '../config/nearest.js';
import { EXIT, usageError } from '../errors.js';
import { noLedger } from '../ledger/open.js';
import { type RunLine, runsOf } from '../ledger/runs.js';
import { oneOf } from './options.js';
import { type Output, printable } from './output.js';
import { stateOf } from './state.js';
import { table } from './table.js';

interface RunsOptions {
  state?: string;
  format: string;
  last: string;
}

export function runsCommand(o: RunsOptions, output: Output): number {
  const format = oneOf('--format', o.format, ['table', 'json'] as const);
  if (!/^[1-9]\d{0,5}$/.test(o.last))
    throw usageError({ what: `--last ${o.last}: not a number`, fix: 'give one from 1 on' });
  const runs = known(stateOf(o)).slice(-Number(o.last));
  if (format === 'json') {
    output.out(JSON.stringify(runs, null, 2));
    return EXIT.ok;
  }
  const rows = runs.map((r) => [
    ...[
      r.run,
      String(r.began.as_of ?? ''),
      r.outcome,
      String(r.end.exit ?? ''),
      r.started,
      String(r.end.seconds ?? ''),
    ],
    ...[String(r.end.enterprises ?? ''), String(r.end.anomalies ?? ''), severities(r), `${r.user}@${r.host}`],
  ]);
  const titles = [
    'Run',
    'As of',
    'Outcome',
    'Exit',
    'Started',
    'Seconds',
    'Enterprises',
    'Anomalies',
    'Red/yellow/blue',
    'By',
  ];
  output.out(printable(table(titles, rows)));
  return EXIT.ok;
}

export function showCommand(id: string, o: { state?: string; format: string }, output: Output): number {
  const format = oneOf('--format', o.format, ['table', 'json'] as const);
  const runs = known(stateOf(o));
  // The beginning of an id is enough where it says which.
  const found = runs.filter((r) => r.run.startsWith(id));
  const [run] = found;
  if (found.length !== 1 || !run) {
    const near = didYouMean(id, runs.map((r) => r.run)); // biome-ignore format: one line
    throw usageError({
      what: found.length > 1 ? `${found.length} runs begin with ${id}` : `no run ${id} is known to this ledger`,
      fix: `${near ? `${near} ` : ''}\`bidui runs\` names them`,
    });
  }
  output.out(format === 'json' ? JSON.stringify(run, null, 2) : printable(shown(run)));
  return EXIT.ok;
}

function known(state: string): RunLine[] {
  if (!existsSync(state)) throw noLedger(state);
  return runsOf(resolve(state));
}

const severities = (r: RunLine): string => Object.values((r.end.by_severity ?? {}) as Record<string, number>).join('/');

function shown(r: RunLine): string {
  const lines = [
    `${r.run}  ${r.outcome}${r.end.exit === undefined ? '' : `, exit ${r.end.exit}`}`,
    `by ${r.user} on ${r.host} (process ${r.pid}), ${r.started} – ${r.ended || 'no end'}`,
    ...facts('asked', r.began),
    ...facts('came of it', r.end),
  ];
  const files = (r.end.files ?? []) as Record<string, string | number>[];
  if (files.length > 0) {
    const columns = ['source', 'name', 'rows', 'loaded', 'quarantined', 'duplicates', 'sha256'];
    lines.push('', table(columns, files.map((f) => columns.map((c) => f[c] ?? '')))); // biome-ignore format: one line
  }
  return lines.join('\n');
}

/** One a line; what is a list of objects is shown as a table instead. */
function facts(title: string, of: Readonly<Record<string, unknown>>): string[] {
  const plain = Object.entries(of).filter(([k]) => !['run', 'files', 'outcome', 'exit'].includes(k));
  if (plain.length === 0) return [];
  return [`${title}:`, ...plain.map(([k, v]) => `  ${k}: ${typeof v === 'string' ? v : JSON.stringify(v)}`)];
}
