import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { park } from '../ledger/park.js';
import { torture } from './torture.js';

/** A dozen with every test run; `npm run torture` for as many as KILLS says. */
const KILLS = Number(process.env.KILLS ?? 12);
const SEED = Number(process.env.SEED ?? 20260731);

test(
  `killed ${KILLS} times at random moments, a run leaves the ledger and the reports of before or after, and the next one starts clean`,
  async () => {
    const [quiet, tortured] = [park(), park()];
    for (const p of [quiet, tortured]) mkdirSync(join(p.root, 'temp'));
    const long = process.env.KILLS !== undefined;
    const outcome = await torture(quiet, tortured, {
      kills: KILLS,
      seed: SEED,
      perNight: 10,
      enterprises: 40,
      tell: long ? (line) => process.stderr.write(`${line}\n`) : undefined,
    });
    if (long) process.stderr.write(`${JSON.stringify(outcome, null, 2)}\n`);
    expect(outcome.faults).toEqual([]);
    expect(outcome.kills).toBe(KILLS);
  },
  KILLS * 60_000,
);
