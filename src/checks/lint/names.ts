import type { CheckedCheck, CheckedTheme } from '../checked.js';
import { expressionsOf } from '../expressions.js';
import { type Lookup, nodes, type Relation } from '../ir.js';
import type { Findings } from './index.js';

/** Names that a check gives and never uses: left over, or another was meant where they should stand. */
export function lintNames(themes: readonly CheckedTheme[]): Findings {
  const findings: Findings = { errors: [], warnings: [] };
  for (const c of themes.flatMap((t) => t.checks).filter((c) => c.sound)) {
    const warn = (path: (string | number)[], what: string) =>
      findings.warnings.push({ what, where: c.yaml.place([...c.path, ...path], 'key'), fix: 'use it or remove it' });
    const used = usedIn(c);
    const walk = (lookups: readonly Lookup[], path: (string | number)[]) => {
      for (const l of lookups) {
        const { alias } = l.relation;
        const here = [...path, 'with', alias];
        // Rows that are judged are used by being there.
        if (!used.relations.has(l.relation) && l !== c.each) warn(here, `'${alias}' is looked up and never used`);
        else if (l.mode.kind === 'group') {
          for (const name of Object.keys(l.mode.results)) {
            if (!used.results.has(`${alias}.${name}`))
              warn([...here, 'group', name], `nothing uses '${alias}.${name}'`);
          }
        }
        walk(
          l.nested.filter((n) => n.relation.alias !== 'enterprise'),
          here,
        );
      }
    };
    walk(c.lookups, []);
    const text = JSON.stringify({ ...c.def, let: Object.values(c.def.let), examples: [] });
    for (const name of Object.keys(c.def.let)) {
      if (!new RegExp(`\\b${name}\\b`).test(text)) warn(['let', name], `nothing uses '${name}'`);
    }
  }
  for (const t of themes) {
    const text = JSON.stringify([t.def.checks.map((c) => ({ ...c, examples: [] })), Object.values(t.def.let)]);
    for (const name of Object.keys(t.def.let)) {
      if (new RegExp(`\\b${name}\\b`).test(text)) continue;
      findings.warnings.push({
        what: `no check of the theme uses '${name}'`,
        where: t.yaml.place(['let', name], 'key'),
        fix: 'use it or remove it',
      });
    }
  }
  return findings;
}

function usedIn(c: CheckedCheck): { relations: Set<Relation>; results: Set<string> } {
  const relations = new Set<Relation>();
  const results = new Set<string>();
  for (const e of expressionsOf(c)) {
    for (const n of nodes(e)) {
      if (!('relation' in n)) continue;
      relations.add(n.relation);
      if (n.op === 'result') results.add(`${n.relation.alias}.${n.name}`);
    }
  }
  for (const item of c.evidence) for (const r of item.relations) relations.add(r);
  // What leads to a row that is used is used.
  const lead = (lookups: readonly Lookup[]): boolean =>
    lookups
      .map((l) => {
        if (lead(l.nested)) relations.add(l.relation);
        return relations.has(l.relation);
      })
      .some(Boolean);
  lead(c.lookups);
  return { relations, results };
}
