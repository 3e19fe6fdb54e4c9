import { tmpdir } from 'node:os';
import type { CheckedTheme } from '../checks/checked.js';
import { allChecks } from '../checks/load-themes.js';
import { columnsRead } from '../compile/columns-read.js';
import { workdaysTable } from '../compile/language-functions.js';
import { MaskingPolicy } from '../config/masking/policy.js';
import type { Pack } from '../config/pack.js';
import type { Lang } from '../config/text.js';
import { engineVersion } from '../engine/duckdb/database.js';
import type { Engine } from '../engine/engine.js';
import { BiduiError, EXIT } from '../errors.js';
import { type Places, parted } from '../ingest/find-files.js';
import { bytesOfExtracts, ingest } from '../ingest/ingest.js';
import type { IngestRecord, Progress } from '../ingest/record.js';
import type { Details } from '../ledger/audit/entry.js';
import { refuseBackfill } from '../ledger/night.js';
import { standingWords } from '../ledger/standing.js';
import type { LedgerSummary } from '../ledger/summary.js';
import { baselineSummary, baselineTable } from '../report/baseline.js';
import { catalogue, catalogueTable } from '../report/catalogue.js';
import { followedReport } from '../report/followed.js';
import { RUN_RECORD } from '../report/foreign-files.js';
import { type ReportFormat, readsAllColumns } from '../report/formats.js';
import { gateTable } from '../report/gate.js';
import type { Guarded } from '../report/guarded.js';
import { heldBackReport } from '../report/held-back.js';
import { SCHEMA_VERSION } from '../report/machine/columns.js';
import { cannotWrite, OutputDir } from '../report/output-dir.js';
import { type SourceCounts, type Summary, summarise } from '../report/summary.js';
import { anomalyReport, quarantineReport } from '../report/tables.js';
import { writeJson } from '../report/write.js';
import { loadBaseline, NewBaseline } from './baseline.js';
import { cacheOptions } from './cache.js';
import { compare, type OutcomeCounts } from './compare.js';
import type { Observer } from './events.js';
import { factsOf, wordingOf } from './facts.js';
import { type GuardOptions, RunGuards } from './guards.js';
import { onInterrupt } from './interrupt.js';
import { follow } from './ledger.js';
import { runRecord } from './record.js';
import { type Execution, executionId, type Publish, recorded } from './recorded.js';
import { writeReports } from './reports.js';
import { runId } from './run-id.js';
import { scopeSql } from './scope.js';
import { type Room, withScratchEngine } from './scratch-engine.js';
import { SMALL, sideBySide } from './side-by-side.js';
import { Steps } from './steps.js';

/** Of an enterprise, while a table of what is reported is made. */
const BYTES_TO_REPORT = 500;

export interface RunOptions {
  /** Holds the extracts, but those that have a place of their own. */
  inputDir?: string;
  places?: Places;
  guards?: GuardOptions['guards'];
  accept?: readonly string[];
  /** Whose run it is, for run.json. */
  park?: { name: string; division?: string };
  noGuards?: boolean;
  outDir: string;
  /** The park's own file, if there is one. */
  paramsFile?: string;
  asOf: string;
  lang: Lang;
  unmasked: boolean;
  /** The park's own masking policy. */
  maskingFile?: string;
  formats: readonly ReportFormat[];
  version: string;
  /** The ledger that remembers earlier nights; without it this one stands alone. */
  state?: string;
  /** The themes that the run is confined to, if it is. */
  onlyThemes?: readonly string[];
  /** Only enterprises with one of these tags are judged. */
  scope?: readonly string[];
  /** A file of anomalies that are known already. */
  baseline?: string;
  /** Where the anomalies of this run are written as the baseline of later ones. */
  writeBaseline?: string;
  threads?: number;
  memory?: string;
  tempDir?: string;
  /** A directory for what extracts became, for later runs. */
  cache?: string;
  /** Told of every step as it happens. */
  observer?: Observer;
  /** Seconds to wait for whoever has the ledger. */
  wait?: number;
  /** The exit code that a run with these findings will have, for the audit log. */
  exitOf?: (summary: Summary) => number;
}

export interface RunResult {
  summary: Summary;
  /** Files written, below the output directory. */
  files: string[];
  record: IngestRecord;
  seconds: Record<string, number>;
  /** Bytes. */
  memory: { given: number; spilled: number };
}

/** One run: ingest → compare → report. The reports appear all at once at the end, or not at all. */
export async function run(pack: Pack, themes: readonly CheckedTheme[], o: RunOptions): Promise<RunResult> {
  const newBaseline = o.writeBaseline ? NewBaseline.prepare(o.writeBaseline, o.outDir) : undefined;
  const out = OutputDir.prepare(o.outDir, guardedOf(pack, o), o.state !== undefined);
  const policy = new MaskingPolicy(pack, { parkFile: o.maskingFile, unmasked: o.unmasked });
  const execution = executionOf(o, policy.shown());
  const tell = o.observer ?? (() => {});
  tell({ type: 'run_start', run: execution.id, asOf: o.asOf, inputs: inputsOf(o), outDir: o.outDir, state: o.state });
  const done = onInterrupt(() => {
    out.abandon();
    newBaseline?.abandon();
  });
  try {
    const { tempDir, memory, threads } = o;
    const text = await bytesOfExtracts(pack, o);
    const result = await withScratchEngine({ tempDir, memory, text, threads }, (engine, tempDir, room) =>
      recorded(
        engine,
        out,
        execution,
        (publish) => runIn(engine, pack, themes, policy, o, out.staging, { tempDir, room }, publish, newBaseline),
        (r) => endOf(r, o),
      ),
    );
    newBaseline?.put();
    return result;
  } catch (error) {
    out.abandon();
    newBaseline?.abandon();
    throw explained(error, o);
  } finally {
    done();
  }
}

/** Where intermediate data found no room, that was said already: what is left are the reports. */
const diskFull = (error: unknown) =>
  ['ENOSPC', 'EDQUOT', 'EFBIG'].includes((error as NodeJS.ErrnoException).code ?? '');

const inputsOf = (o: RunOptions): string[] => [
  ...(o.inputDir === undefined ? [] : [o.inputDir]),
  ...[...(o.places?.values() ?? [])].flat().map((place) => parted(place).dir),
];

const explained = (error: unknown, o: RunOptions) => (diskFull(error) ? cannotWrite(o.outDir, error) : error);

/** What the reports must not replace. */
const guardedOf = (pack: Pack, o: RunOptions): Guarded[] => [
  ...inputsOf(o).map((path) => ({
    path,
    what: 'the input directory',
    nothingBelow: 'the next run would read these reports as extracts',
  })),
  { path: pack.dir, what: 'the checks directory' },
  { path: o.tempDir ?? tmpdir(), what: 'the directory for intermediate data' },
  ...(o.state ? [{ path: o.state, what: 'the ledger' }] : []),
  ...(o.cache ? [{ path: o.cache, what: 'the cache' }] : []),
  ...(o.paramsFile ? [{ path: o.paramsFile, what: "the park's parameters" }] : []),
  ...(o.maskingFile ? [{ path: o.maskingFile, what: "the park's masking policy" }] : []),
];

async function runIn(
  engine: Engine,
  pack: Pack,
  themes: readonly CheckedTheme[],
  policy: MaskingPolicy,
  o: RunOptions,
  dir: string,
  { tempDir, room }: { tempDir: string; room: Room },
  publish: Publish,
  newBaseline?: NewBaseline,
): Promise<RunResult> {
  const tell: Observer = o.observer ?? (() => {});
  const steps = new Steps(tell);
  const checks = allChecks(themes);
  const d = engine.dialect;

  if (o.state) await refuseBackfill(engine, o.asOf, o.state);
  if (o.baseline) await loadBaseline(engine, pack, o.baseline, tempDir);
  const record = await steps.timed(
    'ingest',
    async () =>
      ingest(engine, pack, {
        ...{ inputDir: o.inputDir, places: o.places, tempDir, progress: ingestProgress(tell), memory: room.memory },
        columns: readsAllColumns(o.formats) ? undefined : columnsRead(checks),
        cache: await cacheOptions(o, inputsOf(o)),
      }),
    (r) => r.files.reduce((n, f) => n + f.counts.data, 0),
  );
  const guards = new RunGuards(engine, pack, o);
  await guards.sources(record);
  tellSources(tell, record);
  const enterprises = record.sources.enterprise?.counts.loaded ?? 0;
  if (enterprises <= SMALL) await engine.oneThreadEach();
  // What follows needs no file but the reports it writes.
  await engine.seal([dir, tempDir]);
  const { treats, of: circles } = policy.wordings();
  const facts = await factsOf(engine, pack, record, { ...o, treats });
  if (pack.contracts.has('holidays')) await engine.run(workdaysTable(d));
  const scope = o.scope?.length ? await scopeSql(engine, pack, o.scope) : undefined;
  const counts = await steps.timed(
    'compare',
    () =>
      compare(engine, checks, facts, wordingOf(pack), {
        progress: (part, done, total, rows) => tell({ type: 'progress', step: 'compare', part, done, total, rows }),
        scope,
        memory: room.memory,
        doubtful: (found) => guards.checks(found),
      }),
    outcomesIn,
  );
  const entries = catalogue(checks, pack, o.lang, o.asOf);
  await engine.run(catalogueTable(entries, d));
  const followed = o.state
    ? await steps.timed(
        'ledger',
        () =>
          follow(engine, {
            ...{ pack, checks, facts, record, outcomes: counts, guards, version: o.version },
            themes: o.onlyThemes ?? [],
            scope: o.scope ?? [],
          }),
        (f) => f.summary.found + f.summary.resolved + f.summary.not_comparable,
      )
    : undefined;
  await engine.run(standingWords(o.lang, followed ? 'life.standing' : undefined, d));

  const result = await steps.timed(
    'report',
    async () => {
      await engine.run('CREATE SCHEMA report');
      const tables = [...treats.keys()].map((circle) => anomalyReport(pack, o.lang, o.asOf, d, circle));
      tables.push(quarantineReport(pack, o.lang, policy.treat('quarantine'), d));
      const beside = { rows: enterprises, memory: room.memory, bytesOf: () => BYTES_TO_REPORT * enterprises };
      await sideBySide(engine, tables, beside, (session, sql) => session.run(sql));
      await engine.run(gateTable({ ledger: followed !== undefined, baseline: o.baseline !== undefined }, d));
      const summary = await summarise(
        engine,
        pack,
        themes,
        entries,
        counts,
        sourceCounts(pack, record, o.lang),
        o.asOf,
        o.lang,
        followed !== undefined || o.baseline !== undefined,
      );
      summary.guards = await guards.summary(checks, o.lang);
      if (followed) summary.ledger = followed.summary;
      if (o.baseline) {
        await engine.run(
          baselineTable(
            checks.map((c) => c.id),
            d,
          ),
        );
        summary.baseline = await baselineSummary(engine);
      }
      addsUp(summary);
      if (followed) await engine.run(followedReport(o.asOf, o.lang, pack.vocabulary.severities, d));
      if (summary.guards.held.length > 0) {
        await engine.run(heldBackReport(guards.reasons(o.lang), pack.vocabulary.severities, o.lang, d));
      }
      const files = await writeReports(
        {
          ...{
            session: engine,
            engine,
            pack,
            lang: o.lang,
            dir,
            tempDir,
            version: o.version,
            summary,
            entries,
            checks,
          },
          ...{ record, unmasked: o.unmasked, runId: runId({ ...o, pack, record }) },
          themes: themes.map((t) => ({ id: t.def.theme, name: t.def.title[o.lang] })),
          departments: summary.by_department.map((x) => ({ id: x.department, name: x.title })),
          followed: followed !== undefined,
          masking: { treat: (audience) => policy.treat(audience), circles },
        },
        o.formats,
      );
      await newBaseline?.write(engine, tempDir);
      files.push(writeJson(dir, 'summary.json', { schema_version: SCHEMA_VERSION, ...summary }), RUN_RECORD);
      writeJson(
        dir,
        RUN_RECORD,
        runRecord({
          ...o,
          engine: await engineVersion(),
          pack,
          themes,
          record,
          summary,
          reports: files,
          seconds: steps.seconds,
          cpuSeconds: steps.cpuSeconds,
          room,
        }),
      );
      return { summary, files, record, seconds: steps.seconds, memory: { given: room.memory, spilled: room.spilled } };
    },
    (r) => r.summary.anomalies,
  );
  tellFound(tell, result.summary);
  // Last of all, in one transaction: the ledger never knows of a night whose reports could not be made.
  if (followed) await steps.timed('ledger_commit', () => publish(followed.commit));
  else await steps.timed('publish', () => publish());
  return result;
}

/** What the audit log says of this run when it begins. */
const executionOf = (o: RunOptions, shownByPolicy: readonly string[]): Execution => ({
  ...{
    id: executionId(),
    command: 'bidui run',
    state: o.state,
    wait: o.wait,
    unmasked: o.unmasked,
    shownByPolicy,
    observer: o.observer,
    explain: (error: unknown) => explained(error, o),
  },
  details: {
    ...{ as_of: o.asOf, inputs: inputsOf(o), out: o.outDir, bidui: o.version, lang: o.lang, unmasked: o.unmasked },
    ...(o.onlyThemes?.length ? { themes: o.onlyThemes } : {}),
    ...(o.scope?.length ? { scope: o.scope } : {}),
    ...(o.accept?.length ? { accept: o.accept } : {}),
    ...(o.noGuards ? { no_guards: true } : {}),
  },
});

/** And when it is over. */
const endOf = ({ summary, record, seconds }: RunResult, o: RunOptions): Details => ({
  exit: o.exitOf?.(summary) ?? EXIT.ok,
  steps: seconds,
  enterprises: summary.enterprises,
  anomalies: summary.anomalies,
  by_severity: Object.fromEntries(summary.by_severity.map((s) => [s.severity, s.anomalies])),
  ...(summary.guards
    ? { stopped_sources: summary.guards.stopped, held_checks: summary.guards.held.map((h) => h.check) }
    : {}),
  ...(summary.ledger ? { ledger: lifeFigures(summary.ledger) } : {}),
  files: record.files.map((f) => ({
    ...{ source: f.source, name: f.name, sha256: f.sha256, rows: f.counts.data },
    ...{ loaded: f.counts.loaded, quarantined: f.counts.quarantinedRows, duplicates: f.counts.duplicates },
  })),
  refused: Object.entries(record.sources).flatMap(([source, s]) =>
    s.passedOver.map((p) => ({ source, name: p.name, reason: p.reason })),
  ),
});

export const lifeFigures = (l: LedgerSummary) => ({
  ...{ new: l.new, persisting: l.persisting, reopened: l.reopened, resolved: l.resolved },
  ...{ not_comparable: l.not_comparable, not_covered: l.not_covered },
});

function sourceCounts(pack: Pack, record: IngestRecord, lang: Lang): SourceCounts[] {
  return Object.entries(record.sources)
    .filter(([, s]) => s.kind === 'extract')
    .map(([id, s]) => ({
      source: id,
      title: pack.contracts.get(id)!.title[lang],
      delivered: s.delivered,
      extract_date: newest(s.files.flatMap((i) => record.files[i]?.extractDate ?? [])),
      rows: s.counts.data,
      loaded: s.counts.loaded,
      quarantined_rows: s.counts.quarantinedRows,
      quarantined_fields: s.counts.quarantinedFields,
      duplicates: s.counts.duplicates,
      unmatched: s.links?.unmatched ?? 0,
    }));
}

/** By the days in the names of the files. */
const newest = (days: readonly string[]): string | null => [...days].sort().at(-1) ?? null;

/** Every enterprise has an outcome for every check, and an anomaly that is counted is an anomaly that is told. */
function addsUp(s: Summary): void {
  const faults: string[] = [];
  for (const c of s.by_check) {
    const sum = c.consistent + c.anomaly + c.not_comparable + c.not_applicable;
    if (sum !== s.enterprises) faults.push(`${c.check}: ${sum} outcomes for ${s.enterprises} enterprises`);
    if (c.anomalies < c.anomaly)
      faults.push(`${c.check}: ${c.anomaly} enterprises with an anomaly, but ${c.anomalies} anomalies told`);
  }
  if (faults.length > 0) {
    throw new BiduiError(
      EXIT.internal,
      faults.map((what) => ({ what, fix: 'this is a fault of bidui; please report it' })),
    );
  }
}

/** Enterprises × checks. */
const outcomesIn = (counts: OutcomeCounts): number =>
  [...counts.values()].reduce((n, c) => n + c.consistent + c.anomaly + c.not_comparable + c.not_applicable, 0);

function tellSources(tell: Observer, record: IngestRecord): void {
  for (const [source, s] of Object.entries(record.sources)) {
    const { data: rows, loaded, quarantinedRows: quarantined } = s.counts;
    tell({ type: 'source', source, rows, loaded, quarantined, delivered: s.delivered });
  }
}

function tellFound(tell: Observer, s: Summary): void {
  const warned = s.guards?.findings.filter((f) => f.action === 'warn').length ?? 0;
  tell({
    type: 'found',
    ...{ enterprises: s.enterprises, anomalies: s.anomalies },
    bySeverity: Object.fromEntries(s.by_severity.map((x) => [x.severity, x.anomalies])),
    byState: s.ledger ? lifeFigures(s.ledger) : {},
    guards: { stopped: s.guards?.stopped.length ?? 0, held: s.guards?.held.length ?? 0, warned },
  });
}

function ingestProgress(tell: Observer) {
  let files = 0;
  let read = 0;
  let rows = 0;
  let stored = 0;
  const step = 'ingest';
  return (p: Progress) => {
    if (p.stage === 'uncached') tell({ type: 'warning', text: `nothing is kept for later runs: ${p.why}` });
    if (p.stage === 'found') files = p.files;
    if (p.stage === 'read') {
      read += 1;
      rows += p.rows;
    }
    if (p.stage === 'stored') {
      stored += 1;
      tell({ type: 'progress', step, part: 'link', done: stored, total: p.sources });
    } else if (stored === 0) tell({ type: 'progress', step, part: 'ingest', done: read, total: files, rows });
  };
}
