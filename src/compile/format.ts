import { type Expr, nodes, type Type } from '../checks/ir.js';
import type { Treatment } from '../config/masking/schema.js';
import type { Lang } from '../config/text.js';
import type { CodeList, Vocabulary } from '../config/vocabulary.js';
import type { Sql } from '../engine/dialect.js';
import { relabel } from '../engine/relabel.js';
import { maskAll } from '../values/masks.js';
import { maskSql } from '../values/personal.js';
import { type Place, render } from './render.js';
import { treatmentOf } from './treatment.js';

/** What showing a value needs to know besides the value. */
export interface Wording {
  codes: ReadonlyMap<string, CodeList>;
  vocabulary: Vocabulary;
  /** Unit of a field, where the contract gives one. */
  unit(source: string, field: string): string | undefined;
}

const WORDS = {
  zh: {
    yes: '是',
    no: '否',
    blank: '（空）',
    openEnded: '长期',
    yuan: '元',
    tonnes: '吨',
    comma: '、',
    omitted: '（不予显示）',
  },
  en: {
    yes: 'yes',
    no: 'no',
    blank: '(blank)',
    openEnded: 'open-ended',
    yuan: ' yuan',
    tonnes: ' t',
    comma: ', ',
    omitted: '(withheld)',
  },
} as const;

/** In place of a value that its reader is not to see. */
export const omittedWord = (lang: Lang): string => WORDS[lang].omitted;

/** A value as its readers see it, in the language of the run, masked or left out where that is said of it. Never NULL. */
export function shownSql(e: Expr, p: Place, w: Wording): Sql {
  const words = WORDS[p.facts.lang];
  const treatment = treatmentOf(e, p.facts.treat);
  if (treatment === 'omit') return p.d.text(words.omitted);
  const text = textSql(e, p, w, treatment);
  // Each of several names is masked by itself.
  const each = e.type.base === 'list' && !e.type.codes;
  const shown = `coalesce(${each ? text : masked(text, e.type, p, treatment)}, ${p.d.text(words.blank)})`;
  return p.part?.(shown) ?? shown;
}

function textSql(e: Expr, p: Place, w: Wording, treatment: Treatment): Sql {
  const { d } = p;
  const words = WORDS[p.facts.lang];
  const x = render(e, p);
  const { base, as, codes } = e.type;
  if (base === 'bool') return `CASE WHEN ${x} THEN ${d.text(words.yes)} WHEN NOT ${x} THEN ${d.text(words.no)} END`;
  if (base === 'date') {
    const day = as === 'month' ? d.substr(d.formatDate(x), 1, 7) : d.formatDate(x);
    return `CASE WHEN ${x} >= ${d.date('9999-01-01')} THEN ${d.text(words.openEnded)} ELSE ${day} END`;
  }
  if (base === 'timestamp') return d.substr(d.cast(x, 'text'), 1, 16);
  if (base === 'int') return d.cast(x, 'text');
  if (base === 'number') return numberSql(x, e, p, w);
  if (base === 'list') {
    const items = codes
      ? d.listMap(x, (item) => codeSql(item, w.codes.get(codes), p))
      : maskedItems(x, e.type, p, treatment);
    return `nullif(${d.listJoin(items, words.comma)}, '')`;
  }
  if (codes) return codeSql(x, w.codes.get(codes), p);
  return x;
}

function numberSql(x: Sql, e: Expr, p: Place, w: Wording): Sql {
  const { d } = p;
  const words = WORDS[p.facts.lang];
  if (e.type.as === 'percent') return `${d.formatNumber(`(${x} * 100)`)} || '%'`;
  const unit = e.type.as === 'money' ? words.yuan : e.type.as === 'quantity' ? unitOf(e, w, words.tonnes) : '';
  const shown = d.formatNumber(d.round(x, 4));
  return unit ? `${shown} || ${d.text(unit)}` : shown;
}

/** The unit of what a quantity is made of, if all of it has the same. Mass is kept in tonnes. */
function unitOf(e: Expr, w: Wording, tonnes: string): string {
  const fields = [...nodes(e)].flatMap((n) => {
    if (n.op === 'field') return [n];
    if (n.op !== 'result' || n.relation.lookup?.mode.kind !== 'group') return [];
    return [...nodes(n.relation.lookup.mode.results[n.name] ?? e)].filter((x) => x.op === 'field');
  });
  const units = new Set(
    fields.filter((f) => f.type.as === 'quantity').map((f) => w.unit(f.relation.source, f.field) ?? ''),
  );
  const [unit] = units.size === 1 ? [...units] : [''];
  return unit === 't' || unit === '吨' ? tonnes : (unit ?? '');
}

function codeSql(x: Sql, list: CodeList | undefined, p: Place): Sql {
  const entries = Object.entries(list?.entries ?? {});
  if (entries.length === 0) return x;
  const labels = entries.map(([code, label]) => [code, label[p.facts.lang]] as const);
  return relabel(x, labels, p.d, x);
}

function masked(text: Sql, type: Type, p: Place, treatment: Treatment): Sql {
  if (treatment !== 'mask') return text;
  return type.personal ? maskSql(text, type.personal, p.d) : maskAll(text, p.d);
}

function maskedItems(list: Sql, type: Type, p: Place, treatment: Treatment): Sql {
  return treatment === 'mask' ? p.d.listMap(list, (item) => masked(item, type, p, treatment)) : list;
}
