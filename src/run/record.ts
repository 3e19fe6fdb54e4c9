import { arch, platform } from 'node:os';
import type { CheckedTheme } from '../checks/checked.js';
import type { Pack } from '../config/pack.js';
import type { Places } from '../ingest/find-files.js';
import type { IngestRecord } from '../ingest/record.js';
import { SCHEMA_VERSION } from '../report/machine/columns.js';
import type { Summary } from '../report/summary.js';
import { directoryDigest, fileDigest } from './digest.js';
import type { Room } from './scratch-engine.js';

export interface RunFacts {
  /** Name and version of the engine. */
  engine: string;
  pack: Pack;
  themes: readonly CheckedTheme[];
  record: IngestRecord;
  summary: Summary;
  /** Files written, below the output directory. */
  reports: readonly string[];
  seconds: Record<string, number>;
  cpuSeconds: Record<string, number>;
  inputDir?: string;
  places?: Places;
  paramsFile?: string;
  park?: { name: string; division?: string };
  asOf: string;
  lang: string;
  unmasked: boolean;
  version: string;
  threads?: number;
  memory?: string;
  room: Room;
}

/**
 * run.json: everything that is needed to repeat the run and to believe it. Whatever may differ between two runs over the
 * same extracts and checks stands under `machine`.
 */
export function runRecord(f: RunFacts) {
  const { record, summary } = f;
  return {
    schema_version: SCHEMA_VERSION,
    bidui: f.version,
    ...(f.park ? { park: f.park } : {}),
    as_of: f.asOf,
    lang: f.lang,
    unmasked: f.unmasked,
    versions: { bidui: f.version, engine: f.engine },
    checks: {
      sha256: directoryDigest(f.pack.dir),
      ...(f.paramsFile ? { params_sha256: fileDigest(f.paramsFile) } : {}),
      themes: f.themes.filter((t) => t.checks.length > 0).map((t) => t.def.theme),
      checks: summary.checks,
    },
    enterprises: summary.enterprises,
    outcomes: summary.outcomes,
    anomalies: summary.anomalies,
    ...(summary.guards ? { guards: summary.guards } : {}),
    totals: totals(record),
    files: snakeCase(record.files),
    sources: snakeCase(record.sources),
    notes: record.notes,
    reports: [...f.reports].sort(),
    machine: {
      input: f.inputDir ?? null,
      ...(f.places?.size ? { places: Object.fromEntries(f.places) } : {}),
      node: process.version,
      platform: `${platform()}-${arch()}`,
      threads: f.threads ?? null,
      memory: f.memory ?? null,
      memory_mb: Math.round(f.room.memory / 1e6),
      spilled_mb: Math.round(f.room.spilled / 1e6),
      peak_rss_mb: Math.round(process.resourceUsage().maxRSS / 1024),
      seconds: {
        ...f.seconds,
        ingest_sources: Object.fromEntries(
          Object.entries(record.seconds.sources).map(([source, s]) => [source, Math.round(s * 1000) / 1000]),
        ),
      },
      cpu_seconds: f.cpuSeconds,
      ...(record.fromCache ? { from_cache: record.fromCache } : {}),
    },
  };
}

/** Keys as in every other file that bidui writes. */
function snakeCase(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(snakeCase);
  if (typeof x !== 'object' || x === null) return x;
  return Object.fromEntries(
    Object.entries(x).map(([k, v]) => [k.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), snakeCase(v)]),
  );
}

/** Over all files: rows = loaded + quarantined_rows + duplicates. */
function totals(record: IngestRecord) {
  const sum = (of: (c: IngestRecord['files'][number]['counts']) => number) =>
    record.files.reduce((n, f) => n + of(f.counts), 0);
  return {
    files: record.files.length,
    bytes: record.files.reduce((n, f) => n + f.bytes, 0),
    rows: sum((c) => c.data),
    loaded: sum((c) => c.loaded),
    quarantined_rows: sum((c) => c.quarantinedRows),
    quarantined_fields: sum((c) => c.quarantinedFields),
    duplicates: sum((c) => c.duplicates),
  };
}
