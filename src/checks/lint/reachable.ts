import type { Pack } from '../../config/pack.js';
import { canonicalText } from '../canonical.js';
import type { CheckedCheck, CheckedTheme } from '../checked.js';
import { conjuncts, type Expr, lookupsOf } from '../ir.js';
import type { Findings } from './index.js';

/** Conditions that no row can meet, and expectations that every row meets: the check would never say anything. */
export function lintReachable(themes: readonly CheckedTheme[], pack: Pack): Findings {
  const findings: Findings = { errors: [], warnings: [] };
  const tell = (c: CheckedCheck, path: (string | number)[], what: string) =>
    findings.errors.push({
      what,
      where: c.yaml.place([...c.path, ...path]),
      fix: 'mend the condition: as it stands, the check never speaks',
    });
  for (const c of themes.flatMap((t) => t.checks).filter((c) => c.sound)) {
    const never = contradiction(c.when, pack);
    if (never) tell(c, ['when'], `\`when\` is never true: ${never}`);
    if (isLiteral(c.expect, true)) tell(c, ['expect'], '`expect` is always true');
    if (c.def.when && isLiteral(c.when, false)) tell(c, ['when'], '`when` is always false');
    // An anomaly needs `when` and not `expect`: where the expectation repeats the condition there is never one.
    const given = new Set(conjuncts(c.when).map((e) => canonicalText(e)));
    if (c.def.when && conjuncts(c.expect).every((e) => given.has(canonicalText(e)))) {
      tell(c, ['expect'], '`expect` only repeats what `when` has made sure of');
    }
    for (const lookup of lookupsOf(c.lookups)) {
      const why = lookup.where && contradiction(lookup.where, pack);
      if (why) tell(c, ['with', lookup.relation.alias], `no row can meet \`where\`: ${why}`);
    }
  }
  return findings;
}

const isLiteral = (e: Expr, value: boolean) => e.op === 'literal' && e.value === value;

/** Why the conjuncts exclude each other, if they do: sets of allowed values and ranges per field. */
function contradiction(e: Expr, pack: Pack): string | undefined {
  const allowed = new Map<string, { name: string; values: Set<string> }>();
  const range = new Map<string, { name: string; from: number; to: number }>();
  for (const part of conjuncts(e)) {
    if (part.op !== 'call') continue;
    const [a, b] = part.args as [Expr, Expr];
    if (!b || b.op !== 'literal' || (a.op !== 'field' && a.op !== 'result')) continue;
    const key = canonicalText(a);
    const name = `${a.relation.alias}.${a.op === 'field' ? a.field : a.name}`;
    const values =
      part.name === '==' ? [String(b.value)] : part.name === 'in' && Array.isArray(b.value) ? b.value : undefined;
    if (values) {
      const before = allowed.get(key)?.values;
      const now = new Set(before ? values.filter((v) => before.has(v)) : values);
      if (now.size === 0)
        return `${name} cannot be ${[...(before ?? [])].join(' or ')} and ${values.join(' or ')} at once`;
      allowed.set(key, { name, values: now });
    }
    if (part.name === '!=') {
      const list = a.type.codes ? Object.keys(pack.codes.get(a.type.codes)?.entries ?? {}) : undefined;
      const before = allowed.get(key)?.values ?? (list ? new Set(list) : undefined);
      if (before) {
        const now = new Set([...before].filter((v) => v !== String(b.value)));
        if (now.size === 0) return `${name} has no value left`;
        allowed.set(key, { name, values: now });
      }
    }
    if (typeof b.value === 'number' && /^[<>]=?$/.test(part.name)) {
      const r = range.get(key) ?? { name, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
      if (part.name.startsWith('>')) r.from = Math.max(r.from, b.value);
      else r.to = Math.min(r.to, b.value);
      range.set(key, r);
      if (r.from > r.to) return `${name} cannot be above ${r.from} and below ${r.to} at once`;
    }
  }
  return undefined;
}
