import * as z from 'zod';
import type { Problem } from '../errors.js';
import { usageError } from '../errors.js';
import { labelKey } from './cross-check.js';
import { didYouMean } from './nearest.js';
import { type Pack, shownPath } from './pack.js';
import { paramFault } from './param-rule.js';
import { id } from './text.js';
import { type Path, YamlFile } from './yaml.js';

/** A park's own file: its thresholds, and the words its departments use. It changes values, never rules. */
export const overrides = z.strictObject({
  /** Parameter → value. */
  params: z.record(id, z.union([z.number(), z.string(), z.array(z.string())])).default({}),
  /** Code list → code → further labels that extracts use for it. */
  codes: z.record(id, z.record(id, z.strictObject({ labels: z.array(z.string().min(1)).min(1) }))).default({}),
});

/** The pack with a park's file laid over it. Throws one error with every fault of the file, each with its place. */
export function applyOverrides(pack: Pack, path: string): Pack {
  const yaml = YamlFile.read(path, shownPath(path));
  const park = yaml.validate(overrides);
  const problems: Problem[] = [];
  const unknown = (what: string, word: string, words: Iterable<string>, at: Path) => {
    const known = [...words];
    problems.push({
      what: `no ${what} '${word}'`,
      where: yaml.place(at, 'key'),
      fix: didYouMean(word, known) ?? `known are ${known.slice(0, 12).join(', ')}${known.length > 12 ? ' …' : ''}`,
    });
  };

  const params = new Map(pack.params);
  for (const [name, value] of Object.entries(park.params)) {
    const param = params.get(name);
    if (!param) {
      unknown('parameter', name, params.keys(), ['params', name]);
      continue;
    }
    const fault = paramFault(param.type, value);
    if (fault) problems.push({ what: `'${name}' ${fault}`, where: yaml.place(['params', name]) });
    else params.set(name, { ...param, value, source: yaml.name });
  }

  const codes = new Map(pack.codes);
  for (const [listId, changed] of Object.entries(park.codes)) {
    const list = codes.get(listId);
    if (!list) {
      unknown('code list', listId, codes.keys(), ['codes', listId]);
      continue;
    }
    const entries = { ...list.entries };
    const owner = new Map<string, string>();
    for (const [code, e] of Object.entries(entries)) {
      for (const word of [code, e.zh, e.en, ...e.labels]) owner.set(labelKey(word), code);
    }
    for (const [code, { labels }] of Object.entries(changed)) {
      const entry = Object.hasOwn(entries, code) ? entries[code] : undefined;
      if (!entry) {
        unknown(`code in ${listId}`, code, Object.keys(entries), ['codes', listId, code]);
        continue;
      }
      labels.forEach((label, i) => {
        const other = owner.get(labelKey(label));
        if (other !== undefined && other !== code) {
          problems.push({
            what: `'${label}' already stands for '${other}'`,
            where: yaml.place(['codes', listId, code, 'labels', i]),
            fix: 'a label must mean one code',
          });
        }
        owner.set(labelKey(label), code);
      });
      entries[code] = { ...entry, labels: [...entry.labels, ...labels] };
    }
    codes.set(listId, { ...list, entries });
  }
  if (problems.length > 0) throw usageError(problems);
  return { ...pack, params, codes };
}
