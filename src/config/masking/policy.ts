import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { usageError } from '../../errors.js';
import { type Pack, shownPath } from '../pack.js';
import { YamlFile } from '../yaml.js';
import { maskingFaults } from './faults.js';
import { type MaskedReport, type MaskingRule, masking, OWNER } from './schema.js';
import { maskPersonal, type Treat, unmask, type ValueOf } from './treat.js';

/** Who reads: a report of the whole run, or one department. */
export type Audience = Exclude<MaskedReport, 'department'> | `department:${string}`;

/** Anomalies are worded for these; quarantine and dossier have no anomalies of the run in them. */
const WORDED: readonly Audience[] = ['tables', 'page', 'machine', 'ci'];

/** Of a checks directory without one, personal data is masked for everybody. */
export function shippedMasking(checksDir: string): YamlFile | undefined {
  const path = join(checksDir, 'masking.yaml');
  return existsSync(path) ? YamlFile.read(path, shownPath(path)) : undefined;
}

/** Which values are shown, masked or left out, for whom. */
export class MaskingPolicy {
  private readonly rules: readonly MaskingRule[];

  /** `parkFile`: the park's own rules. They come behind those of the checks directory, and the last rule that fits holds. */
  constructor(
    private readonly pack: Pack,
    private readonly o: { parkFile?: string; unmasked: boolean },
  ) {
    const park = o.parkFile === undefined ? undefined : YamlFile.read(o.parkFile, shownPath(o.parkFile));
    const files = [shippedMasking(pack.dir), park].filter((f) => f !== undefined);
    // A rule that speaks of nothing hides nothing: no run begins with one.
    const faults = files.flatMap((f) => maskingFaults(f, pack));
    if (faults.length > 0) throw usageError(faults);
    this.rules = files.flatMap((f) => f.validate(masking, 'masking').rules);
  }

  treat(audience: Audience): Treat {
    const written: Treat = (of) => {
      const held = this.rules.findLast(
        (r) => this.isFor(r, audience, of) && r.of.some((w) => this.fits(w, r, audience, of)),
      );
      return held?.do ?? maskPersonal(of);
    };
    return this.o.unmasked ? unmask(written) : written;
  }

  /** Where two audiences may see the same, anomalies are worded once for both. The first wording is that of `tables`. */
  wordings(): { treats: readonly [Treat, ...Treat[]]; of: ReadonlyMap<Audience, number> } {
    const signatures: string[] = [];
    const treats: Treat[] = [];
    const of = new Map<Audience, number>();
    for (const audience of this.audiences()) {
      const treat = this.treat(audience);
      const signature = this.values().map(treat).join();
      const known = signatures.indexOf(signature);
      of.set(audience, known < 0 ? signatures.length : known);
      if (known >= 0) continue;
      signatures.push(signature);
      treats.push(treat);
    }
    return { treats: treats as [Treat, ...Treat[]], of };
  }

  /** Personal data that the policy itself shows, `--unmasked` or not: for the audit log. */
  shown(audiences: readonly Audience[] = [...this.audiences(), 'quarantine']): string[] {
    const personal = this.values().filter((v) => v.kind !== undefined);
    return audiences.flatMap((audience) => {
      const treat = new MaskingPolicy(this.pack, { ...this.o, unmasked: false }).treat(audience);
      return personal.filter((v) => treat(v) === 'show').map((v) => `${audience}: ${v.source}.${v.field}`);
    });
  }

  private audiences(): Audience[] {
    return [...WORDED, ...Object.keys(this.pack.vocabulary.departments).map((d): Audience => `department:${d}`)];
  }

  private values(): ValueOf[] {
    return [...this.pack.contracts.values()].flatMap((c) =>
      Object.entries(c.fields).map(([field, f]) => ({ source: c.source, field, kind: f.personal })),
    );
  }

  private isFor(rule: MaskingRule, audience: Audience, of: ValueOf): boolean {
    const department = departmentOf(audience);
    const report = department === undefined ? (audience as MaskedReport) : 'department';
    if (rule.in && !rule.in.includes(report)) return false;
    const named = (list: readonly string[]) =>
      department !== undefined && (list.includes(department) || (list.includes(OWNER) && this.owns(department, of)));
    if (rule.for) return named(rule.for);
    if (rule.except_for) return department !== undefined && !named(rule.except_for);
    return true;
  }

  private fits(word: string, rule: MaskingRule, audience: Audience, of: ValueOf): boolean {
    const confidential = this.pack.contracts.get(of.source)?.confidential === true;
    if (word === 'confidential') return confidential;
    if (word === `${of.source}.${of.field}` || word === `${of.source}.*`) return true;
    if (of.kind === undefined || (word !== 'personal' && word !== of.kind)) return false;
    // What is said of all names is not said of those that another department keeps to itself: who means them, names their source.
    const department = departmentOf(audience);
    return rule.do === 'omit' || !confidential || department === undefined || this.owns(department, of);
  }

  private owns(department: string, of: ValueOf): boolean {
    return this.pack.contracts.get(of.source)?.department === department;
  }
}

const departmentOf = (audience: Audience): string | undefined =>
  audience.startsWith('department:') ? audience.slice('department:'.length) : undefined;
