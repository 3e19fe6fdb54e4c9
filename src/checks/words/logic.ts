import type { Pack } from '../../config/pack.js';
import type { Lang } from '../../config/text.js';
import type { CheckedCheck } from '../checked.js';
import { type Expr, type Lookup, lookupsOf, type Relation } from '../ir.js';
import { inWords, type Speaker } from './expressions.js';

/** The comparison of a check as its departments sign it: which data, for whom, and what is expected. */
export interface Logic {
  /** Data beside the enterprise, one line each. */
  data: string[];
  when?: string;
  expect: string;
}

const WORDS = {
  zh: {
    enterprise: '企业',
    each: '逐条比对',
    group: '全部符合条件的记录',
    latest: '取{0}最晚的一条',
    earliest: '取{0}最早的一条',
    across: '不限于本企业的记录',
    on: '{0}与{1}相同',
    where: '限{0}',
    data: '数据',
    when: '适用',
    expect: '要求',
    sep: '；',
    colon: '：',
    end: '。',
  },
  en: {
    enterprise: 'the enterprise',
    each: 'every record by itself',
    group: 'all such records together',
    latest: 'the one with the latest {0}',
    earliest: 'the one with the earliest {0}',
    across: "not only the enterprise's own",
    on: '{0} equals {1}',
    where: 'where {0}',
    data: 'Data',
    when: 'Applies where',
    expect: 'Expected',
    sep: '; ',
    colon: ': ',
    end: '.',
  },
} as const;

export function logicOf(c: CheckedCheck, pack: Pack, lang: Lang): Logic {
  const nameOf = namer(c, pack, lang);
  const speaker: Speaker = { pack, lang, nameOf };
  return {
    data: [...lookupsOf(c.lookups)]
      .filter((l) => !isOwner(l.relation))
      .map((l) => `${nameOf(l.relation)}${lookupWords(l, speaker)}`),
    when: c.def.when ? inWords(c.when, speaker) : undefined,
    expect: inWords(c.expect, speaker),
  };
}

/** The same in one cell. */
export function logicText(c: CheckedCheck, pack: Pack, lang: Lang): string {
  const w = WORDS[lang];
  const { data, when, expect } = logicOf(c, pack, lang);
  const parts = [
    ...(data.length > 0 ? [`${w.data}${w.colon}${data.join(w.sep)}`] : []),
    ...(when ? [`${w.when}${w.colon}${when}`] : []),
    `${w.expect}${w.colon}${expect}`,
  ];
  return parts.map((x) => `${x}${w.end}`).join(lang === 'zh' ? '' : ' ');
}

/** The row's own enterprise, beside a row. */
const isOwner = (r: Relation) => r.alias === 'enterprise';

/** A relation is called by its source; several of one source are told apart by numbers. */
export function namer(c: CheckedCheck, pack: Pack, lang: Lang): (r: Relation) => string {
  const relations = [...lookupsOf(c.lookups)].map((l) => l.relation).filter((r) => !isOwner(r));
  return (r) => {
    if (!r.lookup || isOwner(r)) return WORDS[lang].enterprise;
    const title = pack.contracts.get(r.source)?.title[lang] ?? r.source;
    const alike = relations.filter((x) => x.source === r.source);
    return alike.length > 1 ? `${title}${'①②③④⑤⑥⑦⑧⑨'[alike.indexOf(r)] ?? ''}` : title;
  };
}

function lookupWords(l: Lookup, speaker: Speaker): string {
  const { lang } = speaker;
  const w = WORDS[lang];
  const own: Speaker = { ...speaker, own: l.relation };
  const say = (e: Expr) => inWords(e, own);
  const { mode } = l;
  const title = (field: string) => speaker.pack.contracts.get(l.relation.source)?.fields[field]?.title[lang] ?? field;
  const parts = [
    ...(l.across && l.keys.length === 0 ? [w.across] : []),
    ...l.keys.map((k) => w.on.replace('{0}', say(k.row)).replace('{1}', say(k.outer))),
    ...(l.where ? [w.where.replace('{0}', say(l.where))] : []),
    ...(mode.kind === 'pick' ? [(mode.latest ? w.latest : w.earliest).replace('{0}', title(mode.field))] : []),
    ...(mode.kind === 'each' ? [w.each] : []),
    ...(mode.kind === 'group' ? [w.group] : []),
  ];
  if (parts.length === 0) return '';
  return lang === 'zh' ? `（${parts.join('，')}）` : ` (${parts.join(', ')})`;
}
