import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { REPORT_FORMATS, type ReportFormat } from '../../../src/report/formats.js';
import { inProcess } from '../../cli/bidui.js';
import { directory } from '../../cli/world.js';
import { day, nights, writeNight } from '../../ledger/nights.js';
import { park } from '../../ledger/park.js';
import { json } from '../read.js';
import { READERS } from './readers.js';
import { ALWAYS, type Counts, type Made, made, type Said } from './said.js';

const EVERY = ['--format', REPORT_FORMATS.join(',')];

test('every format is read back and compared', () => {
  expect(Object.keys(READERS).sort()).toEqual([...REPORT_FORMATS].sort());
});

async function pilot(): Promise<Made> {
  const out = join(directory(), 'out');
  const told = await inProcess(['run', 'fixtures/pilot', '--as-of', '2026-07-31', '--out', out, ...EVERY]);
  expect(told.code, told.err).toBe(0);
  return made(out, told.out);
}

/** Seven nights in which extracts are late, rows are refused, and something is suppressed and something is known. */
async function messy(): Promise<Made> {
  const p = park();
  const [out, known] = [join(p.root, 'out'), join(p.root, 'known.csv')];
  const worlds = nights(7, 40, 41);
  let told = '';
  for (const [i, w] of worlds.entries()) {
    const input = writeNight(join(p.root, `night-${i}`), w);
    const last = i === worlds.length - 1;
    const t = await inProcess([
      ...['run', input, '--as-of', w.asOf, '--checks', p.checks, '--out', out, '--state', p.state],
      ...(i === 2 ? ['--write-baseline', known] : []),
      ...(last ? ['--baseline', known, ...EVERY] : []),
    ]);
    expect([0, 6], t.err).toContain(t.code);
    told = t.out;
    if (i === 3) {
      const until = day(w.asOf, 90);
      const s = await inProcess([
        ...['suppress', 'add', '--check', 'PK-02', '--owner', '张科', '--reason', '核查中', '--until', until],
        ...['--state', p.state],
      ]);
      expect(s.code, s.err).toBe(0);
    }
  }
  return made(out, told);
}

describe.each([
  ['the pilot', pilot],
  ['the seventh of messy nights', messy],
] as const)('%s', (_, make) => {
  let m: Made;
  let truth: Required<Omit<Said, 'state'>> & { state?: Counts };
  beforeAll(async () => {
    m = await make();
    const { outcomes } = ALWAYS['outcomes.csv']!(m);
    truth = { ...ALWAYS['anomalies.csv']!(m), outcomes } as typeof truth;
  });

  const zeroless = (c: Counts): Counts => Object.fromEntries(Object.entries(c).filter(([, n]) => n !== 0));

  function agrees(said: Said): void {
    expect(said.total).toBe(truth.total);
    if (said.ids) expect([...said.ids].sort()).toEqual([...truth.ids].sort());
    for (const what of ['severity', 'department', 'theme', 'check', 'outcomes', 'state'] as const) {
      const counts = said[what];
      if (counts) expect([what, zeroless(counts)]).toEqual([what, zeroless(truth[what] ?? {})]);
    }
  }

  test('has something to compare', () => {
    expect(truth.total).toBeGreaterThan(20);
    expect(new Set(truth.ids).size).toBe(truth.total);
    if (!m.summary.ledger) return;
    const { suppressed, resolved, new: fresh, persisting } = m.summary.ledger;
    expect(Math.min(suppressed!, resolved!, fresh!, persisting!), JSON.stringify(m.summary.ledger)).toBeGreaterThan(0);
    expect(json(m.out, 'summary.json').baseline.known).toBeGreaterThan(0);
  });

  test.each(Object.keys(ALWAYS))('%s agrees', (name) => agrees(ALWAYS[name]!(m)));

  test.each(REPORT_FORMATS.map((f) => [f]))('%s agrees', async (format: ReportFormat) =>
    agrees(await READERS[format](m)),
  );

  test('every file is named in run.json, and every format wrote one', () => {
    const { reports } = json(m.out, 'run.json');
    for (const file of reports) expect(() => readFileSync(join(m.out, file))).not.toThrow();
  });
});
