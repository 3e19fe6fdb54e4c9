import { join } from 'node:path';
import { random } from '../support/random.js';
import { uscc, write } from './park.js';

/** What is so in one night, and what of it the departments delivered. */
export interface World {
  asOf: string;
  enterprises: {
    uscc: string;
    staff: number;
    /** `null`: no row. `'?'`: a row whose figure cannot be read. */
    tax: number | '?' | null;
    permits: { no: string; validTo: string | '?' }[];
    /** A permit of the enterprise stands in the extract with a blank number: the row is refused. */
    refusedPermit: boolean;
    gone: boolean;
  }[];
  delivered: { tax: boolean; permit: boolean };
}

export type Truth = 'bad' | 'fine' | 'unknown';

export const day = (from: string, days: number): string =>
  new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10);

/** Successive nights in which figures change, permits run out and are renewed, rows and whole extracts are missing. */
export function nights(count: number, enterprises: number, seed: number): World[] {
  const r = random(seed);
  const worlds: World[] = [];
  let asOf = '2026-07-01';
  let current = Array.from({ length: enterprises }, (_, i): World['enterprises'][number] => ({
    uscc: uscc(i),
    staff: 10 + i,
    tax: 10 + i,
    permits: Array.from({ length: i % 4 }, (_, k) => ({
      no: `P${i}-${k}`,
      validTo: day(asOf, Math.floor(r() * 60) - 20),
    })),
    refusedPermit: false,
    gone: false,
  }));
  for (let n = 0; n < count; n++) {
    current = current.map((e) => ({
      ...e,
      refusedPermit: r() < 0.05,
      gone: r() < 0.03,
      staff: r() < 0.1 ? e.staff + 1 : e.staff,
      tax: pick(
        r,
        [0.5, e.tax],
        [0.2, e.staff],
        [0.1, e.staff + 3],
        [0.08, e.staff * 100],
        [0.06, null],
        [0.06, '?' as const],
      ),
      permits: e.permits.flatMap((p) => {
        const x = r();
        if (x < 0.06) return [];
        if (x < 0.14) return [{ ...p, validTo: day(asOf, 90) }];
        if (x < 0.2) return [{ ...p, validTo: '?' }];
        if (x < 0.3) return [{ ...p, validTo: day(asOf, -5) }];
        return [p];
      }),
    }));
    worlds.push({ asOf, enterprises: current, delivered: { tax: r() > 0.2 && n !== 4, permit: r() > 0.2 && n !== 7 } });
    asOf = day(asOf, 1 + Math.floor(r() * 4));
  }
  return worlds;
}

function pick<T>(r: () => number, ...choices: [number, T][]): T {
  let x = r() * choices.reduce((sum, [w]) => sum + w, 0);
  for (const [w, value] of choices) {
    x -= w;
    if (x < 0) return value;
  }
  return choices[0]![1];
}

/** The extracts of a night. */
export function writeNight(dir: string, w: World): string {
  const there = w.enterprises.filter((e) => !e.gone);
  write(
    join(dir, '企业登记.csv'),
    lines(
      '统一社会信用代码,企业名称,住所,登记人数,企业标签',
      ...there.map(
        (e) =>
          `${e.uscc},企业${e.uscc.slice(13, 16)}有限公司,园区路${e.staff}号,${e.staff},${Number(e.uscc.slice(13, 16)) % 2 ? '试点' : '重点、试点'}`,
      ),
    ),
  );
  if (w.delivered.tax) {
    const rows = w.enterprises.filter((e) => e.tax !== null);
    write(
      join(dir, '税务.csv'),
      lines('统一社会信用代码,申报人数', ...rows.map((e) => `${e.uscc},${e.tax === '?' ? '约十人' : e.tax}`)),
    );
  }
  if (w.delivered.permit) {
    const rows = w.enterprises.flatMap((e) => [
      ...e.permits.map((p) => `${p.no},${e.uscc},${p.validTo === '?' ? '2026-02-30' : p.validTo},张三丰`),
      ...(e.refusedPermit ? [`,${e.uscc},2026-01-01,张三丰`] : []),
    ]);
    // One that is always there: an extract without a row would not count as delivered.
    write(
      join(dir, '许可证.csv'),
      lines('许可证编号,统一社会信用代码,有效期至,持有人', 'P-ANY,,2030-01-01,李四', ...rows),
    );
  }
  return dir;
}

export const lines = (...all: string[]): string => `${all.join('\n')}\n`;

/**
 * What ought to be said of an anomaly that this night or an earlier one may have found. Worked out from the world itself, not
 * from bidui's outcomes. Key: check, enterprise, what it is about.
 */
export function truth(w: World, key: string): Truth {
  const [check, code, about] = key.split('|') as [string, string, string];
  const e = w.enterprises.find((x) => x.uscc === code);
  if (!e || e.gone) return 'unknown';
  if (check === 'PK-02') {
    if (!w.delivered.permit) return 'unknown';
    const p = e.permits.find((x) => x.no === about);
    if (!p) return e.refusedPermit ? 'unknown' : 'fine';
    if (p.validTo === '?') return 'unknown';
    return p.validTo < w.asOf ? 'bad' : 'fine';
  }
  if (!w.delivered.tax) return 'unknown';
  if (check === 'PK-03') return e.tax === null ? 'bad' : 'fine';
  if (e.tax === null || e.tax === '?') return 'unknown';
  const huge = e.tax > e.staff && e.tax >= e.staff * 50;
  if (check === 'PK-04') return huge ? 'bad' : 'fine';
  // A unit error explains the difference, which is then not told.
  return e.tax !== e.staff && !huge ? 'bad' : 'fine';
}

/** Everything that a night's check could be about. */
export function keysOf(w: World): string[] {
  return w.enterprises.flatMap((e) => [
    `PK-01|${e.uscc}|`,
    `PK-03|${e.uscc}|`,
    `PK-04|${e.uscc}|`,
    ...e.permits.map((p) => `PK-02|${e.uscc}|${p.no}`),
  ]);
}

export interface Expected {
  state: string;
  first: string;
  last: string;
  runs: number;
  reopened: number;
}

/** The ledger as it ought to be after these nights. */
export function expectedLedger(worlds: readonly World[]): Map<string, Expected> {
  const known = new Map<string, Expected>();
  for (const w of worlds) {
    for (const key of new Set([...known.keys(), ...keysOf(w)])) {
      const said = truth(w, key);
      const was = known.get(key);
      if (said === 'bad') {
        const back = was?.state === 'resolved';
        known.set(key, {
          state: !was ? 'new' : back ? 'reopened' : 'persisting',
          first: was?.first ?? w.asOf,
          last: w.asOf,
          runs: (was?.runs ?? 0) + 1,
          reopened: (was?.reopened ?? 0) + (back ? 1 : 0),
        });
      } else if (was && was.state !== 'resolved') {
        known.set(key, { ...was, state: said === 'fine' ? 'resolved' : 'not_comparable' });
      }
    }
  }
  return known;
}
