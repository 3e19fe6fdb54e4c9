/**
 * What is embedded in the page, in the words that writer and page share. The head is one object; everything that grows with
 * the run comes in parts, a column each, so that names of fields are not repeated and like stands beside like for gzip.
 */

export type Lang = 'zh' | 'en';
export type Bilingual = Record<Lang, string>;

export interface Named {
  id: string;
  title: Bilingual;
}

/** As stored in `run.outcomes`, in the order of gravity. */
export const OUTCOMES = ['not_applicable', 'consistent', 'not_comparable', 'anomaly'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface PageCheck extends Named {
  /** Indexes into `themes` and `departments`. */
  theme: number;
  department: number;
  helping: number[];
  item: Bilingual;
  keyPoint: Bilingual;
  classification: Bilingual;
  basis: Bilingual;
  advice: Bilingual;
  /** What the first two values of its evidence are called. */
  labels: Bilingual[];
  outcomes: Record<Outcome, number>;
}

export interface PageTheme extends Named {
  compared: number;
  anomalous: number;
}

export interface PageSource extends Named {
  department: Bilingual;
  delivered: boolean;
  date: string | null;
  rows: number;
  loaded: number;
  quarantinedRows: number;
  quarantinedFields: number;
  duplicates: number;
  unmatched: number;
}

export interface PageNight {
  day: string;
  /** A run of some themes or enterprises only. */
  partial: boolean;
  found: number;
  new: number;
  persisting: number;
  reopened: number;
  resolved: number;
  not_comparable: number;
  red: number;
  yellow: number;
  blue: number;
}

export interface PageLedger {
  previous: string | null;
  new: number;
  persisting: number;
  reopened: number;
  resolved: number;
  not_comparable: number;
  not_covered: number;
  overdue: number;
  ineffective: number;
  needs_eyes: number;
  suppressed: number;
  suppressions: {
    number: number;
    anomaly: string | null;
    uscc: string | null;
    check: string | null;
    owner: string;
    reason: string;
    until: string;
    anomalies: number;
  }[];
}

/** What guards on the data did not believe. */
export interface PageGuards {
  /** Ids of sources that count as not delivered. */
  stopped: string[];
  /** What checks found that is in held-back.csv alone: index of the check, and how many. */
  held: [check: number, anomalies: number][];
  findings: { of: Named; action: 'warn' | 'stop' | 'hold'; accepted: boolean; text: string }[];
}

export interface PageHead {
  /** The language of the run, in which free text is written: descriptions, values, remarks. */
  lang: Lang;
  asOf: string;
  version: string;
  /** What the page is confined to, such as a department. */
  confinedTo: Bilingual | null;
  enterprises: number;
  enterprisesAnomalous: number;
  outcomes: Record<Outcome, number>;
  severities: Named[];
  departments: Named[];
  themes: PageTheme[];
  checks: PageCheck[];
  outcomeTitles: Record<Outcome, Bilingual>;
  states: Named[];
  reasons: Named[];
  disposals: Named[];
  sources: PageSource[];
  /** Anomalies by theme, department and severity: indexes and a number. */
  counts: [theme: number, department: number, severity: number, anomalies: number][];
  ledger: PageLedger | null;
  guards: PageGuards | null;
  /** Oldest first; null without a ledger. */
  nights: PageNight[] | null;
  /** How much there is, and how much of it the page holds: the rest is in the CSV files. */
  totals: Record<PartKind, { all: number; held: number }>;
}

/** Columns of text that is often the same are dictionaries: `words`, and an index into them (-1: nothing) for each row. */
export interface Coded {
  words: string[];
  at: number[];
}

export interface EnterprisePart {
  uscc: string[];
  name: string[];
  /** A digit for each check, in the order of the checks: an index into OUTCOMES. */
  outcomes: string[];
}

export interface AnomalyPart {
  id: string[];
  /** Indexes into the enterprises (-1: not among those held), checks and severities. */
  enterprise: number[];
  check: number[];
  severity: number[];
  uscc: string[];
  name: string[];
  about: string[];
  message: string[];
  aSource: Coded;
  aValue: string[];
  aFile: Coded;
  aRow: (number | null)[];
  bSource: Coded;
  bValue: string[];
  bFile: Coded;
  bRow: (number | null)[];
  other: string[];
  /** Indexes into states and disposals, -1 without a ledger. */
  state: number[];
  disposal: number[];
  firstSeen: Coded;
  runs: number[];
  due: Coded;
  /** Words of the run's language, '' if it is not. */
  overdue: Coded;
  suppressed: Coded;
  handledBy: Coded;
  handledOn: Coded;
  note: string[];
}

/** Known from earlier nights, and not found in this one. */
export interface FollowedPart {
  id: string[];
  uscc: string[];
  name: string[];
  check: number[];
  severity: number[];
  state: number[];
  reason: number[];
  about: string[];
  message: string[];
  firstSeen: Coded;
  lastSeen: Coded;
}

export interface QuarantinePart {
  source: Coded;
  file: Coded;
  row: (number | null)[];
  scope: Coded;
  field: Coded;
  raw: string[];
  explanation: Coded;
  fix: Coded;
}

export interface Parts {
  enterprises: EnterprisePart;
  anomalies: AnomalyPart;
  followed: FollowedPart;
  quarantine: QuarantinePart;
}
export type PartKind = keyof Parts;
