import type { CheckedTheme } from '../checks/checked.js';
import { allChecks } from '../checks/load-themes.js';
import { withheldIn } from '../compile/treatment.js';
import { MaskingPolicy } from '../config/masking/policy.js';
import type { Pack } from '../config/pack.js';
import type { Lang } from '../config/text.js';
import type { Engine } from '../engine/engine.js';
import { usageError } from '../errors.js';
import { loadInspectors } from '../ledger/dispatch/inspectors.js';
import { type DispatchPlan, planDispatch, recordDispatch } from '../ledger/dispatch/plan.js';
import { lastNight } from '../ledger/night.js';
import { loadPolicy } from '../ledger/policy.js';
import { standAll } from '../ledger/standing.js';
import { catalogue, catalogueTable } from '../report/catalogue.js';
import { RUN_RECORD } from '../report/foreign-files.js';
import { OutputDir } from '../report/output-dir.js';
import { writeWorkOrders } from '../report/work-orders.js';
import { writeJson } from '../report/write.js';
import { fileDigest } from './digest.js';
import { onInterrupt } from './interrupt.js';
import { readLedger, writeLedger } from './ledger.js';
import { executionId } from './recorded.js';
import { loadReferences } from './references.js';
import { withScratch } from './scratch.js';

export interface DispatchOptions {
  state: string;
  inspectors: string;
  outDir: string;
  seed: string;
  /** The day of the dispatch; default the last night. */
  asOf?: string;
  lang: Lang;
  dryRun: boolean;
  /** The park's own masking policy. */
  maskingFile?: string;
  version: string;
  /** Seconds to wait for whoever has the ledger. */
  wait?: number;
  warn?: (text: string) => void;
}

export interface DispatchResult extends DispatchPlan {
  asOf: string;
  files: string[];
}

/** 派单: who goes where, as one work order file per department. The ledger knows of it as soon as the files are made. */
export async function dispatch(
  pack: Pack,
  themes: readonly CheckedTheme[],
  o: DispatchOptions,
): Promise<DispatchResult> {
  const out = OutputDir.prepare(
    o.outDir,
    [
      { path: o.state, what: 'the ledger' },
      { path: o.inspectors, what: 'the inspector library' },
      { path: pack.dir, what: 'the checks directory' },
    ],
    !o.dryRun,
  );
  const done = onInterrupt(() => out.abandon());
  try {
    return await withScratch(undefined, (tempDir) => dispatchInto(out, pack, themes, o, tempDir));
  } catch (error) {
    out.abandon();
    throw error;
  } finally {
    done();
  }
}

async function dispatchInto(
  out: OutputDir,
  pack: Pack,
  themes: readonly CheckedTheme[],
  o: DispatchOptions,
  tempDir: string,
): Promise<DispatchResult> {
  if (o.dryRun) {
    return readLedger(o.state, async (engine) => {
      const result = await dispatchIn(engine, out.staging, pack, themes, o, tempDir);
      out.commit();
      return result;
    });
  }
  const id = executionId();
  return writeLedger(o.state, { command: 'bidui dispatch', wait: o.wait, warn: o.warn }, async (engine, state) => {
    out.sweepUnpromised();
    const result = await dispatchIn(engine, out.staging, pack, themes, o, tempDir);
    await state.publish(out, id, (also) =>
      recordDispatch(engine, result, o.seed, result.asOf, async () => {
        state.audit('dispatched', {
          ...{ run: id, as_of: result.asOf, seed: o.seed, inspectors_sha256: fileDigest(o.inspectors), out: o.outDir },
          ...{ visits: result.visits, assigned: result.assignments.length },
        });
        await also();
      }),
    );
    return result;
  });
}

async function dispatchIn(
  engine: Engine,
  dir: string,
  pack: Pack,
  themes: readonly CheckedTheme[],
  o: DispatchOptions,
  tempDir: string,
): Promise<DispatchResult> {
  const asOf = await dayOf(o, (await lastNight(engine))?.as_of);
  const holidays = pack.contracts.has('holidays');
  if (holidays) await loadReferences(engine, pack, tempDir, 'holidays');
  const inspectors = await loadInspectors(engine, pack, o.inspectors, tempDir);
  await engine.seal([dir, tempDir]);
  for (const schema of ['life', 'run']) await engine.run(`CREATE SCHEMA ${schema}`);
  await standAll(engine, {
    asOf,
    policy: loadPolicy(pack.dir),
    of: 'ledger.anomaly',
    holidays: holidays ? 'ref.holidays' : undefined,
  });
  const checks = allChecks(themes);
  const subjects = new Map(
    checks.map((c) => [c.id, [c.id, c.theme.theme, c.theme.prefix, c.theme.title.zh, c.theme.title.en]]),
  );
  await engine.run(catalogueTable(catalogue(checks, pack, o.lang, asOf), engine.dialect));
  const plan = await planDispatch(engine, inspectors, subjects, o.seed, asOf);
  const { departments, severities } = pack.vocabulary;
  const policy = new MaskingPolicy(pack, { parkFile: o.maskingFile, unmasked: false });
  const withheld = new Map(
    Object.keys(departments).map((id) => [id, withheldIn(checks, policy.treat(`department:${id}`))]),
  );
  const files = await writeWorkOrders(engine, plan, { dir, lang: o.lang, asOf, departments, severities, withheld });
  writeJson(dir, RUN_RECORD, {
    bidui: o.version,
    dispatch: { as_of: asOf, seed: o.seed, inspectors_sha256: fileDigest(o.inspectors) },
    visits: plan.visits,
    assigned: plan.assignments.length,
    new: plan.assignments.filter((a) => !a.standing).length,
    unassigned: plan.unassigned.map((u) => ({
      uscc: u.task.uscc,
      enterprise: u.task.enterprise,
      department: u.task.department,
      anomalies: u.anomalies,
      inspectors_left_after: u.short,
    })),
    reports: [...files, RUN_RECORD],
  });
  return { ...plan, asOf, files: [...files, RUN_RECORD] };
}

async function dayOf(o: DispatchOptions, last: string | undefined): Promise<string> {
  if (last === undefined) {
    throw usageError({ what: 'the ledger has no night yet', fix: 'run `bidui run … --state <file>` first' });
  }
  if (o.asOf !== undefined && o.asOf < last) {
    throw usageError({
      what: `--as-of ${o.asOf} is before the last night in the ledger, ${last}`,
      fix: 'give that day or a later one, or leave --as-of out',
    });
  }
  return o.asOf ?? last;
}
