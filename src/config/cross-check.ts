import type { Problem } from '../errors.js';
import { BUILTIN_CONTRACTS } from './builtin.js';
import type { Contract, FieldType } from './contract.js';
import { acceptedHeaders, tidyHeader } from './header.js';
import { didYouMean } from './nearest.js';
import type { Loaded, Located } from './pack.js';
import { paramFault } from './param-rule.js';
import type { CodeList, LegalBases, Params } from './vocabulary.js';
import type { Path, YamlFile } from './yaml.js';

/** What a schema cannot see: names that must exist elsewhere, and things that must not be said twice. */
export function crossCheck(pack: Loaded, whole: boolean): Problem[] {
  return [
    ...pack.contracts.flatMap((c) => contractFaults(c, pack, whole)),
    ...twice(pack.contracts.map((c) => ({ id: c.value.source, yaml: c.yaml, path: ['source'] as Path }))),
    ...pack.codes.flatMap(codeFaults),
    ...twice(pack.codes.map((c) => ({ id: c.value.codes, yaml: c.yaml, path: ['codes'] as Path }))),
    ...pack.params.flatMap(paramFaults),
    ...twice(pack.params.flatMap(ids)),
    ...pack.bases.flatMap(basisFaults),
    ...twice(pack.bases.flatMap(ids)),
    ...enterpriseFaults(pack, whole),
  ];
}

/** `sources/tax_base.yaml` holds `source: tax_base`: so that a source is found by its name. */
function fileNameFault(yaml: YamlFile, key: string, id: string): Problem[] {
  const expected = yaml.name.replace(/^.*\//, '').replace(/\.ya?ml$/, '');
  if (expected === id) return [];
  return [
    {
      what: `'${key}: ${id}' stands in a file named ${expected}.yaml`,
      where: yaml.place([key]),
      fix: `rename the file to ${id}.yaml, or write '${key}: ${expected}'`,
    },
  ];
}

function contractFaults({ value: c, yaml }: Located<Contract>, pack: Loaded, whole: boolean): Problem[] {
  const problems = fileNameFault(yaml, 'source', c.source);
  if (BUILTIN_CONTRACTS.some((b) => b.source === c.source)) {
    problems.push({
      what: `'${c.source}' is a source that bidui makes itself`,
      where: yaml.place(['source']),
      fix: 'choose another name',
    });
  }
  const refer = (what: string, word: string, known: Iterable<string>, path: Path, of: 'value' | 'key' = 'value') => {
    const names = [...known];
    if (names.includes(word)) return true;
    const hint = didYouMean(word, names) ?? (names.length > 0 ? `known: ${names.sort().join(', ')}` : undefined);
    problems.push({ what: `no ${what} '${word}'`, where: yaml.place(path, of), fix: hint });
    return false;
  };
  const fields = Object.keys(c.fields);
  const typed = (id: string, path: Path, types: FieldType[]) => {
    if (!refer(`field in ${c.source}`, id, fields, path)) return;
    const type = c.fields[id]?.type;
    if (type && !types.includes(type)) {
      problems.push({
        what: `field '${id}' is of type ${type}, but ${types.join(' or ')} is needed here`,
        where: yaml.place(path),
      });
    }
  };

  if (pack.vocabulary) {
    refer('department', c.department, Object.keys(pack.vocabulary.value.departments), ['department']);
  }
  c.key.forEach((id, i) => {
    refer(`field in ${c.source}`, id, fields, ['key', i]);
    if (c.key.indexOf(id) < i) problems.push({ what: `'${id}' is in the key twice`, where: yaml.place(['key', i]) });
  });
  if (c.duplicates.keep === 'latest') {
    typed(c.duplicates.by, ['duplicates', 'by'], ['date', 'month', 'timestamp', 'int']);
  }
  if (c.subject) {
    if (Object.keys(c.subject).length === 0) {
      problems.push({ what: 'subject names no field', where: yaml.place(['subject']), fix: 'name one, or remove it' });
    }
    if (c.subject.uscc) typed(c.subject.uscc, ['subject', 'uscc'], ['uscc']);
    if (c.subject.reg_no) typed(c.subject.reg_no, ['subject', 'reg_no'], ['reg_no']);
    if (c.subject.org_code) typed(c.subject.org_code, ['subject', 'org_code'], ['org_code']);
    if (c.subject.name) typed(c.subject.name, ['subject', 'name'], ['name']);
  }

  const lists = pack.codes.map((l) => l.value.codes);
  for (const [id, field] of Object.entries(c.fields)) {
    const at = ['fields', id];
    if (field.type === 'code' && !field.codes) {
      problems.push({
        what: `field '${id}' is a code of no list`,
        where: yaml.place(at, 'key'),
        fix: 'add codes: LIST',
      });
    }
    if (field.type !== 'code' && field.codes) {
      problems.push({
        what: `field '${id}' has a code list but is of type ${field.type}`,
        where: yaml.place([...at, 'codes'], 'key'),
        fix: 'write type: code, or remove codes',
      });
    }
    if (field.codes && (whole || lists.includes(field.codes))) refer('code list', field.codes, lists, [...at, 'codes']);
    if (field.part && !['date', 'month', 'timestamp'].includes(field.type)) {
      problems.push({
        what: `field '${id}': part is for two dates in one cell, but its type is ${field.type}`,
        where: yaml.place([...at, 'part'], 'key'),
      });
    }
  }
  problems.push(...headerFaults(c, yaml));
  return problems;
}

/** One header must not mean two fields; only the two ends of one range (part: from, part: to) share theirs. */
function headerFaults(c: Contract, yaml: YamlFile): Problem[] {
  const owner = new Map<string, { id: string; header: string }[]>();
  const problems: Problem[] = [];
  for (const [id, field] of Object.entries(c.fields)) {
    for (const header of acceptedHeaders(id, field)) {
      const key = tidyHeader(header);
      const others = owner.get(key) ?? [];
      if (others.some((o) => o.id === id)) continue;
      const clash = others.find((o) => !field.part || field.part === (c.fields[o.id]?.part ?? field.part));
      if (clash) {
        const i = field.names.indexOf(header);
        problems.push({
          what: `fields '${clash.id}' and '${id}' both accept the header '${header}'`,
          where: i >= 0 ? yaml.place(['fields', id, 'names', i]) : yaml.place(['fields', id], 'key'),
          fix: 'leave it to one of them, or, for the two ends of one range, add part: from and part: to',
        });
      }
      owner.set(key, [...others, { id, header }]);
    }
  }
  return problems;
}

/** Everything is linked to the enterprise library, so its shape is not free. */
function enterpriseFaults(pack: Loaded, whole: boolean): Problem[] {
  const found = pack.contracts.find((c) => c.value.source === 'enterprise');
  if (!found) {
    if (!whole) return [];
    return [
      { what: "there is no source 'enterprise'", fix: 'add sources/enterprise.yaml: every comparison starts there' },
    ];
  }
  const { value: c, yaml } = found;
  const problems: Problem[] = [];
  const fault = (what: string, path: Path) => problems.push({ what, where: yaml.place(path) });
  if (c.key.length !== 1 || c.key[0] !== 'uscc') fault("the key of 'enterprise' must be [uscc]", ['key']);
  if (c.fields.uscc?.type !== 'uscc') fault("'enterprise' needs a field uscc of type uscc", ['fields']);
  if (c.fields.name?.type !== 'name') fault("'enterprise' needs a field name of type name", ['fields']);
  return problems;
}

function codeFaults({ value: list, yaml }: Located<CodeList>): Problem[] {
  const problems = fileNameFault(yaml, 'codes', list.codes);
  const owner = new Map<string, string>();
  for (const [id, entry] of Object.entries(list.entries)) {
    const words: [string, Path][] = [
      [id, ['entries', id]],
      [entry.zh, ['entries', id, 'zh']],
      [entry.en, ['entries', id, 'en']],
      ...entry.labels.map((label, i): [string, Path] => [label, ['entries', id, 'labels', i]]),
    ];
    for (const [word, path] of words) {
      const key = labelKey(word);
      const other = owner.get(key);
      if (other !== undefined && other !== id) {
        problems.push({
          what: `'${word}' stands for both '${other}' and '${id}'`,
          where: yaml.place(path),
          fix: 'a label must mean one code: leave it to one of them',
        });
      } else owner.set(key, id);
    }
  }
  return problems;
}

/** Labels that differ by width, case or spaces alone are one label. */
export const labelKey = (label: string): string => label.normalize('NFKC').replace(/\s+/gu, '').toLowerCase();

function paramFaults({ value, yaml }: Located<Params>): Problem[] {
  return Object.entries(value).flatMap(([id, param]): Problem[] => {
    const fault = paramFault(param.type, param.value);
    return fault ? [{ what: `'${id}' ${fault}`, where: yaml.place([id, 'value']) }] : [];
  });
}

function basisFaults({ value, yaml }: Located<LegalBases>): Problem[] {
  return Object.entries(value).flatMap(([id, basis]): Problem[] => {
    if (!basis.effective_to || basis.effective_to >= basis.effective_from) return [];
    return [
      {
        what: `'${id}' ends (${basis.effective_to}) before it begins (${basis.effective_from})`,
        where: yaml.place([id, 'effective_to']),
      },
    ];
  });
}

interface Named {
  id: string;
  yaml: YamlFile;
  path: Path;
}

const ids = ({ value, yaml }: Located<Record<string, unknown>>): Named[] =>
  Object.keys(value).map((id) => ({ id, yaml, path: [id] }));

/** Ids are unique over all files of a folder (within one file YAML itself sees to it). */
function twice(named: Named[]): Problem[] {
  const first = new Map<string, Named>();
  const problems: Problem[] = [];
  for (const n of named) {
    const other = first.get(n.id);
    if (!other) {
      first.set(n.id, n);
      continue;
    }
    const at = other.yaml.place(other.path, 'key');
    problems.push({
      what: `'${n.id}' is defined twice`,
      where: n.yaml.place(n.path, 'key'),
      why: `it is also at ${at.file}:${at.line}:${at.column}`,
      fix: 'rename or remove one of them',
    });
  }
  return problems;
}
