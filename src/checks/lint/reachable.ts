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
    c.severity.cases.forEach((x, i) => {
      const earlier = c.severity.cases.slice(0, i).some((y) => canonicalText(y.when) === canonicalText(x.when));
      if (earlier)
        tell(c, ['severity', 'cases', i, 'when'], 'this case is never reached: an earlier one says the same');
    });
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
  const range = new Map<string, { name: string; from: number; to: number; open: boolean }>();
  const opposite = opposites(e);
  if (opposite) return opposite;
  for (const part of conjuncts(e).map(literalLast)) {
    if (part.op !== 'call') continue;
    const [a, b] = part.args as [Expr, Expr];
    if (b?.op !== 'literal' || (a.op !== 'field' && a.op !== 'result')) continue;
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
      const r = range.get(key) ?? { name, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, open: false };
      if (part.name.startsWith('>')) r.from = Math.max(r.from, b.value);
      else r.to = Math.min(r.to, b.value);
      if (!part.name.endsWith('=') && (b.value === r.from || b.value === r.to)) r.open = true;
      range.set(key, r);
      if (r.from > r.to || (r.from === r.to && r.open))
        return `${name} cannot be above ${r.from} and below ${r.to} at once`;
    }
  }
  return undefined;
}

const MIRRORED: Record<string, string> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '==': '==', '!=': '!=' };

/** `5 < x` said as `x > 5`. */
function literalLast(e: Expr): Expr {
  if (e.op !== 'call' || e.args[0]?.op !== 'literal' || !MIRRORED[e.name]) return e;
  return { ...e, name: MIRRORED[e.name]!, args: [...e.args].reverse() };
}

/** One condition and its contrary side by side: `exists(x) && !exists(x)`, `a < b && a >= b`. */
function opposites(e: Expr): string | undefined {
  const contrary: Record<string, string> = { '<': '>=', '>=': '<', '>': '<=', '<=': '>', '==': '!=', '!=': '==' };
  const given = new Set(conjuncts(e).map((part) => canonicalText(part)));
  for (const part of conjuncts(e)) {
    if (part.op !== 'call') continue;
    const opposite = part.name === '!' ? part.args[0]! : contrary[part.name] && { ...part, name: contrary[part.name]! };
    if (opposite && given.has(canonicalText(opposite))) return 'it asks for something and for its contrary';
  }
  return undefined;
}
