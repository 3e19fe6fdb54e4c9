import { join } from 'node:path';
import type { Contract } from '../config/contract.js';
import { didYouMean } from '../config/nearest.js';
import { type Pack, shownPath, yamlFiles } from '../config/pack.js';
import { type Path, YamlFile } from '../config/yaml.js';
import { BiduiError, type Problem } from '../errors.js';
import type { CheckedCheck, CheckedTheme, Evidence, Template } from './checked.js';
import { BOOL, BROKEN, type Expr, type Relation, type Type } from './ir.js';
import { type Tell, typeJoins } from './joins.js';
import type { Signature } from './signatures.js';
import { readTemplate, SyntaxFault } from './syntax.js';
import { type Check, type Theme, theme as themeSchema } from './theme.js';
import { describe, type Scope, typed } from './typing.js';

export interface LoadedThemes {
  themes: CheckedTheme[];
  problems: Problem[];
}

/** Reads and types every theme of the pack. Faults are collected, not thrown, so that lint tells them all at once. */
export function loadThemes(pack: Pack, signatures: ReadonlyMap<string, Signature>): LoadedThemes {
  const problems: Problem[] = [];
  const themes: CheckedTheme[] = [];
  for (const path of yamlFiles(join(pack.dir, 'themes'))) {
    try {
      const yaml = YamlFile.read(path, shownPath(path));
      const def = yaml.validateAs('themes', themeSchema);
      themes.push({
        def,
        yaml,
        checks: def.checks.map((check, i) => typeCheck(check, i, def, yaml, pack, signatures, problems)),
      });
    } catch (error) {
      if (!(error instanceof BiduiError)) throw error;
      problems.push(...error.problems);
    }
  }
  // A fault in what checks share is one fault.
  const seen = new Set<string>();
  const once = (p: Problem) => {
    const key = JSON.stringify(p);
    return seen.has(key) ? false : seen.add(key);
  };
  themes.sort((a, b) => a.def.order - b.def.order || (a.def.theme < b.def.theme ? -1 : 1));
  return { themes, problems: problems.filter(once) };
}

export const allChecks = (themes: readonly CheckedTheme[]): CheckedCheck[] => themes.flatMap((t) => t.checks);

/** A check by its id, in any case, also under the theme's other prefix: `dp-02` is PW-02. */
export function findCheck(themes: readonly CheckedTheme[], id: string): CheckedCheck | undefined {
  const wanted = id.toUpperCase();
  return allChecks(themes).find(
    (c) => c.id === wanted || (c.theme.also && c.id.replace(/^[A-Z]+/, c.theme.also) === wanted),
  );
}

/** Where nothing is said of when a check applies, it always does. */
const ALWAYS: Expr = { op: 'literal', type: BOOL, value: true };

function typeCheck(
  def: Check,
  index: number,
  theme: Theme,
  yaml: YamlFile,
  pack: Pack,
  signatures: ReadonlyMap<string, Signature>,
  problems: Problem[],
): CheckedCheck {
  const path: Path = ['checks', index];
  let sound = true;
  const tell: Tell = (at, { what, fix, at: index }) => {
    sound = false;
    problems.push({ what, fix, where: index === undefined ? yaml.place(at, 'key') : yaml.placeInText(at, index) });
  };

  const relations = new Map<string, Relation>([['enterprise', { alias: 'enterprise', source: 'enterprise' }]]);
  const base = {
    params: pack.params,
    contract: (source: string): Contract => pack.contracts.get(source)!,
    codeIds: (list: string) => Object.keys(pack.codes.get(list)?.entries ?? {}),
    signatures,
  };
  const lookups = typeJoins(def.with, relations, base, pack.contracts, [...path, 'with'], tell);
  const values = new Map<string, Expr>();
  const scope: Scope = { ...base, relations, values, aggregates: false };

  const read = (at: Path, text: string, wanted?: Type['base'], shift = 0): Expr => {
    const e = typed(text, scope, (fault) => tell(at, { what: fault.message, fix: fault.fix, at: fault.at + shift }));
    if (wanted && e.op !== 'broken' && e.type.base !== wanted) {
      tell(at, { what: `this must be true or false, not ${describe(e.type)}`, at: shift });
      return BROKEN;
    }
    return e;
  };
  for (const [name, text] of sharedValues(theme, def)) {
    if (relations.has(name)) {
      tell(['let', name], { what: `the name '${name}' is taken by a row of ${def.id}`, fix: 'choose another' });
    }
    values.set(name, read(['let', name], text));
  }
  for (const [name, text] of Object.entries(def.let)) {
    if (relations.has(name) || values.has(name))
      tell([...path, 'let', name], { what: `the name '${name}' is taken already`, fix: 'choose another' });
    values.set(name, read([...path, 'let', name], text));
  }
  const template = (at: Path, text: string): Template => {
    try {
      return readTemplate(text).map((part) =>
        part.isExpression ? read(at, part.text, undefined, part.at) : part.text,
      );
    } catch (error) {
      if (!(error instanceof SyntaxFault)) throw error;
      tell(at, { what: error.message, fix: error.fix, at: error.at });
      return [text];
    }
  };
  const each = lookups.filter((l) => l.mode.kind === 'each');
  if (each.length > 1) {
    tell([...path, 'with', each[1]!.relation.alias], {
      what: 'a check judges the rows of one join only',
      fix: 'keep `each: true` on one; pick, group or look the other up for each row',
    });
  }
  knownWords(def, path, pack, tell);
  const severity = typeof def.severity === 'string' ? { cases: [], otherwise: def.severity } : def.severity;
  return {
    id: def.id,
    def,
    theme,
    yaml,
    path,
    lookups,
    each: each[0],
    when: def.when ? read([...path, 'when'], def.when, 'bool') : ALWAYS,
    expect: read([...path, 'expect'], def.expect, 'bool'),
    about: def.about.map((text, i) => read([...path, 'about', i], text)),
    message: {
      zh: template([...path, 'message', 'zh'], def.message.zh),
      en: template([...path, 'message', 'en'], def.message.en),
    },
    evidence: def.evidence.map((e, i) => evidence(e, [...path, 'evidence', i], read, relations, pack, tell)),
    severity: {
      cases: severity.cases.map((c, i) => ({
        when: read([...path, 'severity', 'cases', i, 'when'], c.when, 'bool'),
        severity: c.severity,
      })),
      otherwise: severity.otherwise,
    },
    sound,
  };
}

/** The theme's values that a check uses, and what these use in turn, in the order of the theme. */
function sharedValues(theme: Theme, def: Check): [string, string][] {
  const { let: own, when, expect, about, message, evidence, severity } = def;
  let text = JSON.stringify([Object.values(own), when, expect, about, message, evidence, severity]);
  const used: [string, string][] = [];
  for (const [name, value] of Object.entries(theme.let).reverse()) {
    if (!new RegExp(`\\b${name}\\b`).test(text)) continue;
    used.unshift([name, value]);
    text += value;
  }
  return used;
}

function evidence(
  e: Check['evidence'][number],
  path: Path,
  read: (at: Path, text: string) => Expr,
  relations: ReadonlyMap<string, Relation>,
  pack: Pack,
  tell: Tell,
): Evidence {
  const short = typeof e === 'string';
  const value = read(short ? path : [...path, 'value'], short ? e : e.value);
  const named = short || e.from === undefined ? [] : [e.from].flat();
  const found = named.flatMap((name, i) => {
    const relation = relations.get(name);
    if (relation) return [relation];
    const at = Array.isArray((e as { from: unknown }).from) ? [...path, 'from', i] : [...path, 'from'];
    tell(at, { what: `no name '${name}' here`, fix: didYouMean(name, relations.keys()), at: 0 });
    return [];
  });
  const own = firstRelation(value);
  const from = found.length > 0 ? found : own ? [own] : [];
  if (!short) return { label: e.label, value, relations: from };
  const title =
    'relation' in value && 'field' in value
      ? pack.contracts.get(value.relation.source)?.fields[value.field]?.title
      : undefined;
  if (!title && value.op !== 'broken') {
    tell(path, { what: 'a computed value needs a label', fix: 'write { label: { zh: …, en: … }, value: … }', at: 0 });
  }
  return { label: title ?? { zh: '', en: '' }, value, relations: from };
}

/** The row a value comes from: of several, one beside the enterprise rather than the enterprise itself. */
function firstRelation(e: Expr): Relation | undefined {
  if ('relation' in e) return e.relation;
  if (e.op !== 'call') return undefined;
  const found = e.args.map(firstRelation).filter((r) => r !== undefined);
  return found.find((r) => r.lookup) ?? found[0];
}

function knownWords(def: Check, path: Path, pack: Pack, tell: Tell): void {
  const word = (at: Path, value: string, known: Iterable<string>, kind: string) => {
    const list = [...known];
    if (!list.includes(value))
      tell(at, {
        what: `no ${kind} '${value}'`,
        fix: didYouMean(value, list) ?? (list.length > 0 ? `known: ${list.join(', ')}` : undefined),
        at: 0,
      });
  };
  const departments = Object.keys(pack.vocabulary.departments);
  word([...path, 'department'], def.department, departments, 'department');
  def.with_departments.forEach((d, i) => {
    word([...path, 'with_departments', i], d, departments, 'department');
  });
  word([...path, 'classification'], def.classification, Object.keys(pack.vocabulary.classifications), 'classification');
  def.basis.forEach((b, i) => {
    word([...path, 'basis', i], b, pack.bases.keys(), 'legal basis');
  });
}
