import { aimsOf, stepOf } from './aims.js';
import type { Measurement, Peer, Results, Step } from './results.js';

/** The figures as Markdown: the same text on the terminal and in docs/performance.md. */

const s = (x: number | undefined) => (x === undefined ? '' : x.toFixed(x < 10 ? 2 : 1));
const mb = (x: number) => Math.round(x / 1e6).toLocaleString('en-US');
const count = (x: number) => x.toLocaleString('en-US');

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;
function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const rule = head.map((_, i) => (i === 0 ? '---' : '---:'));
  return [row(head), row(rule), ...rows.map(row)].join('\n');
}

export function tablesOf(results: Results): string {
  const parts = [machine(results), ...results.measurements.map(one)];
  const aims = aimsOf(results).map((a) => [
    a.what,
    count(a.enterprises),
    `${a.value.toFixed(2)} ${a.unit === 'GB' ? 'GB' : '×'}`,
    a.cpu === undefined ? '' : `${a.cpu.toFixed(2)} ×`,
    `${a.limit.toFixed(2)} ${a.unit === 'GB' ? 'GB' : '×'}`,
    a.value <= a.limit ? 'yes' : 'no',
  ]);
  if (aims.length > 0) {
    parts.push(
      `### Against the aims\n\n${table(['what', 'enterprises', 'measured', 'in CPU time', 'aim: at most', 'met'], aims)}`,
    );
  }
  return parts.join('\n\n');
}

function machine({ machine: m, versions, threads, memory, seed }: Results): string {
  const engine = `${threads} threads, ${memory ?? 'default'} memory`;
  const known = Object.entries(versions)
    .map(([name, v]) => `${name} ${v}`)
    .join(', ');
  return `${m.cpu}, ${m.cores} cores, ${Math.round(m.memory / 2 ** 30)} GiB, ${m.platform}; ${known}; engine: ${engine}; seed ${seed}.`;
}

function one(m: Measurement): string {
  const steps = m.job.steps.map((x) => stepRow(x, m));
  const rest = m.job.wall - m.job.steps.reduce((n, x) => n + x.wall, 0);
  const total: Step = { ...m.job, step: '**full job**' };
  const starting = ['starting and ending', s(rest), '', '', '', '', '', ''];
  const lines = [
    `### ${count(m.enterprises)} enterprises: ${count(m.rows)} rows, ${mb(m.bytes)} MB, ${count(m.job.anomalies)} anomalies${m.job.held ? ` (${m.job.held} checks held back)` : ''}`,
    table(
      ['step', 'wall s', 'CPU s', 'rows/s', 'MB/s', 'peak MB', 'spilled MB', 'on disk MB'],
      [...steps, starting, stepRow(total, m)],
    ),
  ];
  const floor = floorRows(m);
  if (floor.length > 0) lines.push(table(['floor and others', 'wall s', 'CPU s', 'peak MB', 'bidui s'], floor));
  if (m.hand) lines.push(themes(m));
  for (const p of m.peers ?? []) lines.push(peer(p));
  return lines.join('\n\n');
}

function peer(p: Peer): string {
  const same =
    p.differences.length === 0
      ? "rows as bidui's"
      : `${p.differences.length} rows differ from bidui's: ${p.differences.slice(0, 5).join('; ')}`;
  return `${p.name} ${p.version}, ${same}: ${p.checks.join(' ')}.`;
}

/** Rows and bytes pass through ingest and through the job as a whole. */
function stepRow(x: Step, m: Measurement): string[] {
  const through = x.step === 'ingest' || x.step.startsWith('*');
  return [
    x.step,
    s(x.wall),
    s(x.cpu),
    through ? count(Math.round(m.rows / x.wall)) : '',
    through ? s(m.bytes / 1e6 / x.wall) : '',
    mb(x.peakRss),
    mb(x.spilled),
    mb(x.disk),
  ];
}

function floorRows(m: Measurement): string[][] {
  const rows: string[][] = [];
  const add = (what: string, x: { wall: number; cpu?: number; peakRss?: number }, bidui = '') =>
    rows.push([what, s(x.wall), s(x.cpu), x.peakRss ? mb(x.peakRss) : '', bidui]);
  if (m.read) {
    add(`(a) reading ${mb(m.read.utf8.bytes)} MB of CSV in UTF-8`, m.read.utf8);
    add(`(a) decoding and reading ${mb(m.read.gb18030.bytes)} MB of CSV in GB 18030`, m.read.gb18030);
    add(`(a) reading ${mb(m.read.parquet.bytes)} MB of Parquet`, m.read.parquet);
    add('**(a) reading everything**', m.read.total, s(stepOf(m, 'ingest')?.wall));
  }
  for (const [encoding, e] of Object.entries(m.encodings ?? {})) {
    add(`(a) all CSV in ${encoding}, ${mb(e.bytes)} MB`, e.read, s(e.ingest.wall));
  }
  if (m.hand) add('**(b) hand-written SQL**', m.hand, s(stepOf(m, 'compare')?.wall));
  for (const { memory, job, read, hand } of m.others ?? []) {
    if (read) add(`(a) with ${memory}`, read.total, s(stepOf({ job }, 'ingest')?.wall));
    if (hand) add(`(b) with ${memory}`, hand, s(stepOf({ job }, 'compare')?.wall));
    add(`full job with ${memory}`, job, s(m.job.wall));
  }
  for (const p of m.peers ?? []) {
    add(`${p.name}: loading the typed tables`, { wall: p.load });
    add(`${p.name}: ${p.checks.length} checks`, { wall: p.compare, peakRss: p.peakRss }, s(p.bidui));
  }
  return rows;
}

function themes(m: Measurement): string {
  const { themes: seconds, rows, differences } = m.hand!;
  const each = Object.entries(seconds)
    .map(([theme, x]) => `${theme} ${s(x)}`)
    .join(', ');
  const same =
    differences.length === 0
      ? `the same ${count(rows)} anomalies as bidui`
      : `${differences.length} rows differ from bidui's: ${differences.slice(0, 5).join('; ')}`;
  return `Hand-written SQL by theme, seconds: ${each}. It finds ${same}.`;
}
