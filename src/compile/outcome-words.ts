import type { CheckedCheck } from '../checks/checked.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import { OUTCOME } from './facts.js';

/** The outcomes of every enterprise: `_eid` and the words. */
const WORDS = 'run.outcome_words';

/** An outcome is two bits. */
const BITS = 2;
/** So many outcomes are one whole number of 64 bits, none of which is below zero. */
const OUTCOMES_EACH = 31;

interface Place {
  word: string;
  /** How far up in the word. */
  up: number;
}

/**
 * How outcomes are kept: two bits for each check in a few whole numbers, so that an enterprise has three columns and not one for each
 * check. To write and to hand on ninety columns took most of the time of putting frames together. The numbers of outcomes lend themselves
 * to that (see `OUTCOME`): 不适用 is no bit at all, and the lower of the two says whether the check could judge.
 *
 * Who reads a few outcomes reads `run.outcomes`, a view with a column for each check. Who reads all of them carries the words as far as can be.
 */
export class OutcomeWords {
  private readonly places: ReadonlyMap<string, Place>;
  /** Columns of the table. */
  readonly names: readonly string[];

  constructor(
    private readonly checks: readonly Pick<CheckedCheck, 'id'>[],
    private readonly d: Dialect,
  ) {
    const place = (i: number): Place => ({ word: `w${Math.floor(i / OUTCOMES_EACH)}`, up: BITS * (i % OUTCOMES_EACH) });
    this.places = new Map(checks.map((c, i) => [c.id, place(i)]));
    this.names = [...new Set([...this.places.values()].map((p) => p.word))];
  }

  readonly table: Sql = WORDS;

  /** The words that some checks' outcomes have a place in. */
  namesFor(checks: readonly Pick<CheckedCheck, 'id'>[]): string[] {
    return [...new Set(checks.map((c) => this.placeOf(c.id).word))];
  }

  /** Those words, from the outcomes: a column for each. */
  packed<C extends Pick<CheckedCheck, 'id'>>(checks: readonly C[], outcomeOf: (check: C) => Sql): Sql[] {
    const bits = new Map<string, Sql[]>();
    for (const check of checks) {
      const { word, up } = this.placeOf(check.id);
      const outcome = this.d.cast(outcomeOf(check), 'int');
      bits.set(word, [...(bits.get(word) ?? []), up === 0 ? outcome : this.d.bitsUp(outcome, up)]);
    }
    return [...bits].map(([word, of]) => `${this.d.bitsOfAny(...of)} AS ${word}`);
  }

  /** SELECT of `_eid` and a column for each of some checks, from a table with words. */
  asColumns(table: Sql, checks = this.checks): Sql {
    const columns = checks.map((c) => `, ${this.outcome(c.id)} AS ${this.d.ident(c.id)}`);
    return `SELECT _eid${columns.join('')} FROM ${table}`;
  }

  /** The view for all who read outcomes. */
  view(): Sql {
    return `CREATE VIEW run.outcomes AS ${this.asColumns(WORDS)}`;
  }

  /** Whether a row has an anomaly of any of these checks: both bits of one outcome. */
  anyAnomaly(checks = this.checks): Sql {
    const { d } = this;
    return this.anyBit(checks, (word) => d.bitsOfBoth(word, d.bitsDown(word, 1)));
  }

  /** Whether any of these checks could judge the enterprise of a row. */
  anyJudged(checks = this.checks): Sql {
    return this.anyBit(checks, (word) => word);
  }

  /** Text: the number of each outcome, as a digit, in the order of the checks. */
  digits(): Sql {
    const each = this.names.map((word, i) => {
      const here = Math.min(OUTCOMES_EACH, this.checks.length - i * OUTCOMES_EACH);
      return this.d.pairsOfBits(word, here);
    });
    return this.d.concat(this.d.text(''), ...each);
  }

  /**
   * How many enterprises came out how by some checks: `nth` of these checks, from 1, the outcome, and how many. Most enterprises come out
   * as many others do, so those that are alike are counted first; a count for each check and outcome would be hundreds of aggregates.
   */
  counts(checks: readonly Pick<CheckedCheck, 'id'>[]): Sql {
    const { d } = this;
    const both = [...this.lowerBits(checks.map((c) => c.id))].map(([word, lower]) => ({
      word,
      asked: d.bitsOfBoth(word, String(BigInt(lower) * BigInt(OUTCOME.anomaly))),
    }));
    const outcomes = d.anyList(...checks.map((c) => this.outcome(c.id)));
    return `SELECT nth, outcome, ${d.cast('sum(alike)', 'int')} AS n
FROM (
  SELECT ${d.positions(outcomes)} AS nth, ${d.unnest(outcomes)} AS outcome, alike
  FROM (
    SELECT ${both.map((w) => `${w.asked} AS ${w.word}`).join(', ')}, count(*) AS alike
    FROM ${WORDS} GROUP BY ${both.map((w) => w.asked).join(', ')}
  ) AS judged
) AS each_check
GROUP BY nth, outcome`;
  }

  /** An enterprise whose anomaly of a check is told by another check is 不适用 for it: outcomes and rows always agree. */
  supersede(check: string): Sql {
    const { word, up } = this.placeOf(check);
    return `UPDATE ${WORDS} SET ${word} = ${word} - ${BigInt(OUTCOME.anomaly) << BigInt(up)}
WHERE ${this.outcome(check)} = ${OUTCOME.anomaly}
  AND _eid NOT IN (SELECT _eid FROM run.anomalies WHERE check_id = ${this.d.text(check)})`;
  }

  /** Whoever these checks judged is 无法比对, those found consistent too: of their bits the lower goes, the upper comes. */
  holdBack(checks: readonly string[]): Sql {
    const { d } = this;
    const set = [...this.lowerBits(checks)].map(([word, lower]) => {
      const judged = d.bitsOfBoth(word, lower);
      return `${word} = ${d.bitsOfAny(word, d.bitsUp(judged, 1))} - ${judged}`;
    });
    return `UPDATE ${WORDS} SET ${set.join(', ')}`;
  }

  /** The outcome of a check, from the words of a row. */
  outcome(check: string): Sql {
    const { word, up } = this.placeOf(check);
    const { d } = this;
    return d.cast(d.bitsOfBoth(up === 0 ? word : d.bitsDown(word, up), String(OUTCOME.anomaly)), 'tiny');
  }

  private anyBit(checks: readonly Pick<CheckedCheck, 'id'>[], of: (word: Sql) => Sql): Sql {
    const lower = [...this.lowerBits(checks.map((c) => c.id))];
    return lower.map(([word, bits]) => `${this.d.bitsOfBoth(of(word), bits)} <> 0`).join(' OR ');
  }

  /** Of each word the lower bit of the outcomes of these checks. */
  private lowerBits(checks: readonly string[]): Map<string, Sql> {
    const bits = new Map<string, bigint>();
    for (const id of checks) {
      const { word, up } = this.placeOf(id);
      bits.set(word, (bits.get(word) ?? 0n) | (1n << BigInt(up)));
    }
    return new Map([...bits].map(([word, of]) => [word, String(of)]));
  }

  private placeOf(check: string): Place {
    const place = this.places.get(check);
    if (!place) throw new Error(`outcomes have no place for ${check}`);
    return place;
  }
}
