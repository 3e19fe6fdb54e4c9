import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { OUTPUT_SCHEMAS } from '../../src/report/schemas/index.js';
import { runSchema } from '../../src/report/schemas/run.js';
import { summarySchema } from '../../src/report/schemas/summary.js';
import { inProcess, runOf } from '../cli/bidui.js';
import { world } from '../cli/world.js';
import { day, nights, writeNight } from '../ledger/nights.js';
import { park } from '../ledger/park.js';
import { json } from './read.js';

const committed = (name: string) => JSON.parse(readFileSync(`schemas/${name}.schema.json`, 'utf8'));

test.each(Object.keys(OUTPUT_SCHEMAS))(
  'the schema of %s is the one that lies in schemas/, and is printed',
  async (name) => {
    // After a change: npx tsx test/report/write-schemas.ts
    expect(committed(name)).toEqual(OUTPUT_SCHEMAS[name]!());
    const told = await inProcess(['checks', 'schema', name]);
    expect([told.code, JSON.parse(told.out)]).toEqual([0, committed(name)]);
  },
);

describe('what runs write is what the schemas say:', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  const validate = { summary: ajv.compile(committed('summary')), run: ajv.compile(committed('run')) };

  function check(out: string): void {
    const summary = json(out, 'summary.json');
    const run = json(out, 'run.json');
    expect([validate.summary(summary), validate.summary.errors]).toEqual([true, null]);
    expect([validate.run(run), validate.run.errors]).toEqual([true, null]);
    // Parsing leaves out what the schema does not name: nothing is.
    expect(summarySchema.parse(summary)).toEqual(summary);
    expect(runSchema.parse(run)).toEqual(run);
  }

  test('a plain run', async () => {
    const w = world();
    await inProcess(runOf(w));
    check(w.out);
    expect(validate.summary({ ...json(w.out, 'summary.json'), anomalies: '6' })).toBe(false);
    expect(validate.run({ ...json(w.out, 'run.json'), files: [{}] })).toBe(false);
  });

  test('the pilot', async () => {
    const { out } = world();
    await inProcess(['run', 'fixtures/pilot', '--as-of', '2026-07-31', '--out', out]);
    check(out);
  });

  test('a third night with a ledger, a baseline, suppressions and feedback', async () => {
    const p = park();
    const out = join(p.root, 'out');
    const known = join(p.root, 'known.csv');
    for (const [i, w] of nights(3, 12, 5).entries()) {
      const input = writeNight(join(p.root, `night-${i}`), w);
      const more = i === 0 ? ['--write-baseline', known] : ['--baseline', known];
      const told = await inProcess([
        ...['run', input, '--as-of', w.asOf, '--checks', p.checks, '--out', out, '--state', p.state, ...more],
      ]);
      expect([0, 6], told.err).toContain(told.code);
      if (i === 0) {
        const until = day(w.asOf, 90);
        await inProcess([
          ...[
            'suppress',
            'add',
            '--check',
            'PK-03',
            '--owner',
            'x',
            '--reason',
            'y',
            '--until',
            until,
            '--state',
            p.state,
          ],
        ]);
      }
      check(out);
    }
    expect(json(out, 'summary.json').ledger.suppressions).toHaveLength(1);
  });
});
