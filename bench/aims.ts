import { addCosts, type Cost, type Held, type Measurement, type Results } from './results.js';

/** What was aimed at, and what came out: a ratio that should not be above its limit. */
export interface Aim {
  what: string;
  enterprises: number;
  value: number;
  /** The same of CPU seconds, which other load on the machine moves less. */
  cpu?: number;
  limit: number;
  unit: 'times' | 'GB';
}

const GB = 1e9;
/** From here on start-up and planning no longer count. */
const GROWTH_FROM = 100_000;

export const stepOf = (m: Held, step: string) => m.job.steps.find((s) => s.step === step);

export function aimsOf(results: Results): Aim[] {
  return [...results.measurements.flatMap(aimsOfOne), ...growth(results.measurements)];
}

function aimsOfOne(m: Measurement): Aim[] {
  const aims: Aim[] = [];
  const add = (what: string, value: number, limit: number, unit: Aim['unit'] = 'times') =>
    aims.push({ what, enterprises: m.enterprises, value, limit, unit });
  const hold = (what: string, a: Cost, b: Cost, limit: number) => {
    add(what, a.wall / b.wall, limit);
    aims.at(-1)!.cpu = a.cpu / b.cpu;
  };
  const againstFloor = (h: Held, with_: string) => {
    const { job, read, hand } = h;
    if (read) {
      const allowed = (1.5 * (read.utf8.wall + read.parquet.wall) + 2.5 * read.gb18030.wall) / read.total.wall;
      hold(`ingest / reading all files as text (a)${with_}`, stepOf(h, 'ingest')!, read.total, allowed);
    }
    if (hand) hold(`comparing / hand-written SQL (b)${with_}`, stepOf(h, 'compare')!, hand, 1);
    if (read && hand) hold(`full job / (a + b)${with_}`, job, addCosts([read.total, hand]), 2);
  };
  againstFloor(m, '');
  for (const [encoding, limit] of [
    ['utf8', 1.5],
    ['gb18030', 2.5],
  ] as const) {
    const e = m.encodings?.[encoding];
    if (e) hold(`ingest / reading, all CSV in ${encoding}`, e.ingest, e.read, limit);
  }
  for (const other of m.others ?? []) {
    if (other.job.peakRss < m.job.peakRss) hold(`full job with ${other.memory} / by default`, other.job, m.job, 2);
    againstFloor(other, `, with ${other.memory} each`);
  }
  if (m.enterprises === 1_000_000) add('peak resident memory', m.job.peakRss / GB, 2, 'GB');
  for (const p of m.peers ?? []) {
    add(`bidui / ${p.name}, comparing the same ${p.checks.length} checks`, p.bidui / p.compare, 0.1);
    if (p.peakRss && p.name === 'pandas') add('peak memory / pandas', m.job.peakRss / p.peakRss, 0.1);
  }
  return aims;
}

function growth(all: readonly Measurement[]): Aim[] {
  const large = all.filter((m) => m.enterprises >= GROWTH_FROM).sort((a, b) => a.enterprises - b.enterprises);
  const [first, last] = [large[0], large.at(-1)];
  if (!first || !last || first === last) return [];
  const each = (m: Measurement) => m.job.wall / m.enterprises;
  const what = `time per enterprise, against that at ${first.enterprises}`;
  return [{ what, enterprises: last.enterprises, value: each(last) / each(first), limit: 1.2, unit: 'times' }];
}
