import type { CheckedCheck } from '../checks/checked.js';
import type { GuardsFile } from '../config/guards.js';
import type { Pack } from '../config/pack.js';
import type { Bilingual, Lang } from '../config/text.js';
import type { Engine } from '../engine/engine.js';
import { inputError } from '../errors.js';
import { guardCheck } from '../guard/check-guard.js';
import type { Finding } from '../guard/finding.js';
import { type GuardPolicy, guardPolicy } from '../guard/policy.js';
import { guardSource, type SourceFigures } from '../guard/source-guards.js';
import { title } from '../ingest/find-files.js';
import type { IngestRecord } from '../ingest/record.js';
import { coverageOf } from '../ledger/night.js';
import {
  type CheckProfile,
  checkHistory,
  type Profiles,
  type SourceProfile,
  sourceHistory,
} from '../ledger/profiles.js';
import type { GuardSummary } from '../report/summary.js';
import type { OutcomeCounts } from './compare.js';

export interface GuardOptions {
  /** The park's own policy, laid over that of the checks directory. */
  guards?: GuardsFile;
  /** Sources and checks that are let in tonight whatever a guard says: somebody has looked. */
  accept?: readonly string[];
  /** Nothing is stopped or held back; what would have been is told. */
  noGuards?: boolean;
  asOf: string;
  state?: string;
  scope?: readonly string[];
}

/** The guards of one run: first over its sources, then over its checks; what they kept back, and what later nights are to know. */
export class RunGuards {
  private readonly policy: GuardPolicy;
  private readonly coverage: string;
  private readonly findings: (Finding & { accepted: boolean })[] = [];
  private sourceProfiles: SourceProfile[] = [];
  private checkProfiles: CheckProfile[] = [];

  constructor(
    private readonly engine: Engine,
    private readonly pack: Pack,
    private readonly o: GuardOptions,
  ) {
    this.policy = guardPolicy(pack.dir, o.guards);
    this.coverage = coverageOf([], o.scope ?? []);
  }

  /** Stops what may not be believed: its rows are gone, and it counts as not delivered. */
  async sources(record: IngestRecord): Promise<void> {
    const history = this.o.state ? await sourceHistory(this.engine, this.o.asOf) : undefined;
    for (const f of await figuresOf(this.engine, this.pack, record)) {
      const past = history && (history.get(f.source) ?? []);
      const found = this.told(guardSource(f, past, this.policy.ofSource(f.source), this.o.asOf));
      const stops = found.filter((x) => x.action === 'stop');
      const stopped = stops.some((x) => !x.accepted);
      this.sourceProfiles.push({
        source: f.source,
        rows: f.rows,
        headers: f.headers,
        taken: !stopped,
        accepted: stops.length > 0 && !stopped,
      });
      if (stopped) await this.stop(record, f, stops);
    }
  }

  /** The checks whose anomalies are likelier the data's fault. `counts`: before one cause is told once. */
  async checks(counts: OutcomeCounts): Promise<string[]> {
    const history = this.o.state ? await checkHistory(this.engine, this.o.asOf, this.coverage) : undefined;
    const held: string[] = [];
    for (const [check, n] of counts) {
      const f = { check, judged: n.consistent + n.anomaly, anomalous: n.anomaly };
      const found = this.told(guardCheck(f, history?.get(check) ?? [], this.policy.ofCheck(check)));
      const holds = found.filter((x) => x.action === 'hold');
      const kept = holds.some((x) => !x.accepted);
      if (kept) held.push(check);
      this.checkProfiles.push({ ...f, taken: !kept, accepted: holds.length > 0 && !kept });
    }
    return held;
  }

  get held(): ReadonlySet<string> {
    return new Set(this.checkProfiles.filter((c) => !c.taken).map((c) => c.check));
  }

  /** What makes this another night than one over the same inputs. */
  get marks(): string[] {
    const marked = (p: { taken: boolean; accepted: boolean }) =>
      p.taken ? (p.accepted ? 'accepted' : '') : 'kept back';
    return [
      ...this.sourceProfiles.map((p) => [p.source, marked(p)]),
      ...this.checkProfiles.map((p) => [p.check, marked(p)]),
    ]
      .filter(([, mark]) => mark)
      .map(([id, mark]) => `${id} ${mark}`)
      .sort();
  }

  get profiles(): Profiles {
    return { coverage: this.coverage, sources: this.sourceProfiles, checks: this.checkProfiles };
  }

  /** Why each held check is not believed. */
  reasons(lang: Lang): [check: string, why: string][] {
    return [...this.held].map((check) => [
      check,
      this.findings
        .filter((f) => f.of === check && f.action === 'hold')
        .map((f) => f.text[lang])
        .join(lang === 'zh' ? '；' : '; '),
    ]);
  }

  async summary(checks: readonly CheckedCheck[], lang: Lang): Promise<GuardSummary> {
    const held = this.held;
    const rows =
      held.size > 0
        ? await this.engine.rows<{ check_id: string; n: number }>(
            'SELECT check_id, count(*) AS n FROM run.held GROUP BY check_id',
          )
        : [];
    const titles = new Map<string, Bilingual>([
      ...[...this.pack.contracts.values()].map((c): [string, Bilingual] => [c.source, c.title]),
      ...checks.map((c): [string, Bilingual] => [c.id, c.def.title]),
    ]);
    const sources = this.sourceProfiles.filter((p) => !p.taken).map((p) => p.source);
    return {
      with_history: this.o.state !== undefined,
      stopped: sources,
      held: [...held].map((check) => ({
        check,
        anomalies: Number(rows.find((r) => r.check_id === check)?.n ?? 0),
      })),
      findings: this.findings.map((f) => ({
        of: f.of,
        title: titles.get(f.of)?.[lang] ?? f.of,
        guard: f.guard,
        action: f.action,
        accepted: f.accepted,
        text: f.text[lang],
      })),
    };
  }

  private told(found: readonly Finding[]): (Finding & { accepted: boolean })[] {
    const told = found.map((f) => ({
      ...f,
      accepted: f.action !== 'warn' && (this.o.noGuards === true || this.o.accept?.includes(f.of) === true),
    }));
    this.findings.push(...told);
    return told;
  }

  private async stop(record: IngestRecord, f: SourceFigures, found: readonly Finding[]): Promise<void> {
    const contract = this.pack.contracts.get(f.source)!;
    const s = record.sources[f.source]!;
    if (contract.required) {
      throw inputError({
        what: `a guard stopped the required source ${title(contract)}: ${found.map((x) => x.text.en).join('; ')}`,
        where: { file: s.files.map((i) => record.files[i]?.name).join(', ') },
        why: 'nothing can be compared without it, and earlier reports stand until it is sound',
        fix: `ask for the extract again; if it is right as it is, run with --accept ${f.source}`,
      });
    }
    s.delivered = false;
    const d = this.engine.dialect;
    await this.engine.run(`DELETE FROM src.${d.ident(f.source)}`);
    for (const builtin of this.pack.builtin) {
      await this.engine.run(`DELETE FROM src.${d.ident(builtin)} WHERE source = ${d.text(f.source)}`);
    }
  }
}

/** What guards look at, of every extract that came. */
async function figuresOf(engine: Engine, pack: Pack, record: IngestRecord): Promise<SourceFigures[]> {
  const unread = await engine.rows<{ source: string; field: string; n: number }>(
    `SELECT source, field, count(*) AS n FROM meta.quarantine WHERE scope = 'field' GROUP BY source, field ORDER BY source, field`,
  );
  return Object.entries(record.sources)
    .filter(([, s]) => s.kind === 'extract' && s.delivered)
    .map(([source, s]) => {
      const files = s.files.map((i) => record.files[i]!);
      const { fields } = pack.contracts.get(source)!;
      return {
        source,
        rows: s.counts.data,
        quarantined: s.counts.quarantinedRows,
        loaded: s.counts.loaded,
        ...(s.links ? { unmatched: s.links.unmatched } : {}),
        unreadable: unread
          .filter((u) => u.source === source)
          .map((u) => ({ title: fields[u.field]?.title ?? { zh: u.field, en: u.field }, rows: Number(u.n) })),
        extractDate: files
          .flatMap((f) => f.extractDate ?? [])
          .sort()
          .at(-1),
        headers: [...new Set(files.flatMap((f) => [...f.headers.map((h) => h.header), ...f.unknownHeaders]))].sort(),
      };
    });
}
