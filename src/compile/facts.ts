import type { Treat } from '../config/masking/treat.js';
import type { Lang } from '../config/text.js';

/** What is known of a source on the day of the run. */
export interface SourceFacts {
  delivered: boolean;
  /** How many it has, of those that were delivered. */
  rows?: number;
  /** Its rows belong to enterprises. */
  linked: boolean;
  /** An absent row means that there is none (contract), provided the source was delivered. */
  complete: boolean;
  /** Some of its rows were refused and are known to belong to an enterprise: that enterprise cannot be compared on it. */
  refused: boolean;
  /** Some rows found their enterprise otherwise than by credit code, so that several may answer to one key. */
  linkedOtherwise: boolean;
  /** Fields whose column the delivery does not have: nothing is known of them. */
  absentFields: ReadonlySet<string>;
  /** Fields that together name a row; each row has a value in each of them, for without it it was refused. None where that is not so. */
  key: readonly string[];
  /** What of the key is besides the enterprise's credit code; undefined where that is no part of it. */
  ownKey?: readonly string[];
  /** No enterprise has two rows of one key by being found in several ways; undefined where nobody has looked. */
  foundOnce?: boolean;
  /** Other fields that have a value in every row; undefined where nobody has looked. */
  fullFields?: ReadonlySet<string>;
  /** Fields with a cell that could not be read, and is empty for that; undefined where nobody has looked. */
  unreadFields?: ReadonlySet<string>;
}

export interface RunFacts {
  /** YYYY-MM-DD; the only clock there is. */
  asOf: string;
  lang: Lang;
  /** What is done to values before they are shown. */
  treat: Treat;
  /** Other circles of readers, who see more or less: anomalies are worded for each of them too. */
  others: readonly Treat[];
  params: ReadonlyMap<string, number | string | string[]>;
  /** How many files rows come from: `_file` of each is below that. Undefined where nobody has looked. */
  files?: number;
  /** Conditions upon an enterprise `e` that few meet; undefined where nobody has looked. */
  few?: ReadonlySet<string>;
  source(id: string): SourceFacts;
}

/**
 * Outcomes as stored, in the order of gravity: the gravest row of an enterprise is its outcome. In two bits, of which the lower says
 * whether the check could judge: see `OutcomeWords`, which counts on these numbers.
 */
export const OUTCOME = { not_applicable: 0, consistent: 1, not_comparable: 2, anomaly: 3 } as const;
