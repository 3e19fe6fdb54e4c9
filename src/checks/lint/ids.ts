import { didYouMean } from '../../config/nearest.js';
import type { Place, Problem } from '../../errors.js';
import type { CheckedCheck, CheckedTheme } from '../checked.js';
import type { Findings } from './index.js';

/** Ids are columns of outcomes and stand in every ledger: neither two checks nor two themes can bear one. A run asks this too. */
export function usedTwice(themes: readonly CheckedTheme[]): Problem[] {
  // Places are looked up for faults alone: that takes reading the file's YAML.
  const first = new Map<string, () => Place>();
  const once = (what: string, fix: string, place: () => Place): Problem[] => {
    const earlier = first.get(what)?.();
    if (earlier) return [{ what: `${what} is taken: ${earlier.file}:${earlier.line} has it`, where: place(), fix }];
    first.set(what, place);
    return [];
  };
  return themes.flatMap(({ def, yaml, checks }) => [
    ...once(`the name '${def.theme}'`, 'give this theme a name of its own', () => yaml.place(['theme'])),
    ...checks.flatMap((c) =>
      once(`the id ${c.id}`, 'give this check an id of its own', () => c.yaml.place([...c.path, 'id'])),
    ),
  ]);
}

/** Ids are unique, bear their theme's prefix, and name what exists. */
export function lintIds(themes: readonly CheckedTheme[], complete: boolean): Findings {
  const findings: Findings = { errors: usedTwice(themes), warnings: [] };
  const checks = themes.flatMap((t) => t.checks);
  const ids = new Set(checks.map((c) => c.id));
  for (const c of checks) {
    const where = c.yaml.place([...c.path, 'id']);
    if (!c.id.startsWith(`${c.theme.prefix}-`)) {
      findings.errors.push({
        what: `${c.id} does not begin with the theme's prefix ${c.theme.prefix}`,
        where,
        fix: `call it ${c.theme.prefix}-…`,
      });
    }
    c.def.supersedes.forEach((other, i) => {
      const at = c.yaml.place([...c.path, 'supersedes', i]);
      if (!ids.has(other) && complete)
        findings.errors.push({ what: `no check '${other}' to supersede`, where: at, fix: didYouMean(other, ids) });
      if (other === c.id) findings.errors.push({ what: 'a check cannot supersede itself', where: at });
    });
    if (c.each && c.def.about.length === 0) {
      findings.errors.push({
        what: `${c.id} judges each row of ${c.each.relation.source}, but does not say what an anomaly is about`,
        where: c.yaml.place([...c.path]),
        fix: `add about: [${c.each.relation.alias}.…], so that two rows are two anomalies`,
      });
    }
    const outcomes = new Set(c.def.examples.map((e) => e.outcome));
    for (const wanted of ['anomaly', 'consistent'] as const) {
      if (!outcomes.has(wanted)) {
        findings.errors.push({
          what: `${c.id} has no example with outcome ${wanted}`,
          where: c.yaml.place([...c.path, 'examples'], 'key'),
          fix: 'add one: a check is understood by what it finds and what it lets pass',
        });
      }
    }
    if (!outcomes.has('not_comparable')) {
      findings.warnings.push({
        what: `${c.id} has no example with outcome not_comparable`,
        where: c.yaml.place([...c.path, 'examples'], 'key'),
        fix: 'show what happens where a side is missing or unreadable',
      });
    }
    if (!/^疑似/.test(c.def.message.zh) || !/^Possibl[ye]\b/.test(c.def.message.en)) {
      findings.errors.push({
        what: `the message of ${c.id} is not worded as a lead`,
        where: c.yaml.place([...c.path, 'message'], 'key'),
        fix: "begin with 疑似 in Chinese and with 'Possible' or 'Possibly' in English",
      });
    }
  }
  findings.errors.push(...circles(checks));
  return findings;
}

/** Checks that replace each other would leave nothing told at all. */
function circles(checks: readonly CheckedCheck[]): Problem[] {
  const byId = new Map(checks.map((c) => [c.id, c]));
  const reaches = (from: string, to: string, seen = new Set<string>()): boolean =>
    (byId.get(from)?.def.supersedes ?? []).some((next) => {
      if (next === to) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, to, seen);
    });
  return checks.flatMap((c) =>
    c.def.supersedes.flatMap((other, i) =>
      other !== c.id && reaches(other, c.id)
        ? [
            {
              what: `${c.id} and ${other} supersede each other: neither would be told`,
              where: c.yaml.place([...c.path, 'supersedes', i]),
              fix: 'keep the one that is the cause',
            },
          ]
        : [],
    ),
  );
}
