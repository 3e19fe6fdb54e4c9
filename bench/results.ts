/** What the benchmark measures, as it stands in the JSON file. Seconds, bytes and counts; nothing is rounded away here. */

export interface Cost {
  wall: number;
  cpu: number;
  /** Highest resident memory while it ran. */
  peakRss: number;
}

export interface Step extends Cost {
  step: string;
  /** Most bytes that lay in spill files at one time, and in all intermediate files. */
  spilled: number;
  disk: number;
}

export interface Job extends Cost {
  steps: Step[];
  spilled: number;
  disk: number;
  anomalies: number;
  /** Checks whose anomalies its guards kept back: those are not among them, and the hand-written queries find them all. */
  held?: number;
}

/** DuckDB alone reads every file as text into tables. */
export interface ReadFloor {
  utf8: Cost & { bytes: number };
  gb18030: Cost & { bytes: number };
  parquet: Cost & { bytes: number };
  total: Cost;
}

export interface HandFloor extends Cost {
  themes: Record<string, number>;
  rows: number;
  differences: string[];
}

export interface Peer {
  name: string;
  version: string;
  /** Which checks it was given. */
  checks: string[];
  /** Getting the typed tables in, which bidui's own ingest would have to be held against; and the checks themselves. */
  load: number;
  compare: number;
  peakRss?: number;
  rows: number;
  differences: string[];
  /** bidui's compare step of the same checks alone. */
  bidui: number;
}

/** The job, and the floor for it to be held against. */
export interface Held {
  job: Job;
  read?: ReadFloor;
  hand?: HandFloor;
}

export interface Measurement extends Held {
  enterprises: number;
  rows: number;
  bytes: number;
  /** The same with so much memory for both: for the process in the job, for the engine alone in the floor. */
  others?: (Held & { memory: string })[];
  /** All extracts as CSV in one encoding: bidui's ingest, and the floor. */
  encodings?: Record<'utf8' | 'gb18030', { ingest: Cost; read: Cost; bytes: number }>;
  peers?: Peer[];
}

export interface Results {
  machine: { cpu: string; cores: number; memory: number; platform: string };
  versions: Record<string, string>;
  threads: number;
  memory?: string;
  seed: number;
  measurements: Measurement[];
}

export const addCosts = (costs: readonly Cost[]): Cost => ({
  wall: costs.reduce((n, c) => n + c.wall, 0),
  cpu: costs.reduce((n, c) => n + c.cpu, 0),
  peakRss: Math.max(0, ...costs.map((c) => c.peakRss)),
});
