import type { CheckedCheck } from '../checks/checked.js';
import type { Audience } from '../config/masking/policy.js';
import type { Treat } from '../config/masking/treat.js';
import type { Pack } from '../config/pack.js';
import type { Lang } from '../config/text.js';
import type { Sql } from '../engine/dialect.js';
import type { Engine, Session } from '../engine/engine.js';
import type { IngestRecord } from '../ingest/record.js';
import type { CatalogueEntry } from './catalogue.js';
import type { Summary } from './summary.js';
import { anomalyTable } from './tables.js';

/** What every report is written from: the tables of `report` in `session`, and the figures counted from them. */
export interface ReportModel {
  session: Session;
  /** Gives further sessions, for reports that are written side by side. */
  engine: Pick<Engine, 'session'>;
  pack: Pack;
  lang: Lang;
  /** Where files are written. */
  dir: string;
  /** For what is only needed while writing; removed with the run. */
  tempDir: string;
  /** Of bidui. */
  version: string;
  summary: Summary;
  /** The checks of the run, in the order of the checklist. */
  entries: readonly CatalogueEntry[];
  /** The same checks as they were written, for a report that speaks both languages. */
  checks: readonly CheckedCheck[];
  /** In the order of the checklist, named in the report's language. */
  themes: readonly { id: string; name: string }[];
  departments: readonly { id: string; name: string }[];
  /** What was read. */
  record: IngestRecord;
  /** Whether anybody who reads run-wide reports sees personal data as it is. */
  unmasked: boolean;
  /** What readers may see of a value, by the masking policy. Without one, all see `report.anomalies`. */
  masking?: { treat: (audience: Audience) => Treat; circles: ReadonlyMap<Audience, number> };
  /** A UUID made of day, extracts, checks and version: the same run has the same. */
  runId: string;
  /** There is a ledger: `report.followed` and the ledger's tables can be read. */
  followed: boolean;
}

/** Writes one kind of report; answers the files it wrote, below `dir`. */
export type WriteReport = (model: ReportModel) => Promise<string[]>;

/** The anomalies as these readers see them: the same rows for all, their values as the masking policy says. */
export const anomaliesFor = (m: ReportModel, audience: Audience): Sql =>
  anomalyTable(m.masking?.circles.get(audience) ?? 0);
