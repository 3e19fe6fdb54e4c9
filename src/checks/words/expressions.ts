import type { Pack } from '../../config/pack.js';
import type { Lang } from '../../config/text.js';
import type { Expr, Relation } from '../ir.js';
import { COMPARISONS, CONTRARIES, PHRASES, SAYS } from './phrases.js';

/** What putting a check into words needs: the titles of what it speaks of. */
export interface Speaker {
  pack: Pack;
  lang: Lang;
  /** What a relation is called. */
  nameOf(relation: Relation): string;
  /** The rows that are in view: their fields need no name before them. */
  own?: Relation;
}

type Call = Extract<Expr, { op: 'call' }>;

const fill = (phrase: string, args: readonly string[], rows = '') =>
  phrase
    .replaceAll('{rows}', rows)
    .replaceAll('{…}', args.slice(1).join('、'))
    .replaceAll(/\{(\d)\}/g, (_, i: string) => args[Number(i)] ?? '');

/** A typed expression as a reader would say it. */
export function inWords(e: Expr, s: Speaker): string {
  const { lang } = s;
  switch (e.op) {
    case 'literal':
      return literalWords(e.value, s);
    case 'as_of':
      return SAYS.asOf[lang];
    case 'param':
      return paramWords(e.name, s);
    case 'field': {
      const name = fieldName(e, s);
      return e.type.base === 'bool' ? fill(SAYS.isTrue[lang], [name]) : name;
    }
    case 'has':
      return fill(SAYS.has[lang], [fieldName(e, s)]);
    case 'exists':
      return fill(SAYS.exists[lang], [s.nameOf(e.relation)]);
    case 'result':
      return resultWords(e, s);
    case 'call':
      return callWords(e, s);
    case 'broken':
      return '';
  }
}

function fieldName(e: { relation: Relation; field: string }, s: Speaker): string {
  const title = s.pack.contracts.get(e.relation.source)?.fields[e.field]?.title[s.lang] ?? e.field;
  if (e.relation === s.own) return title;
  return s.lang === 'zh' ? `${s.nameOf(e.relation)}的${title}` : `${title} of ${s.nameOf(e.relation)}`;
}

function resultWords(e: Extract<Expr, { op: 'result' }>, s: Speaker): string {
  const mode = e.relation.lookup?.mode;
  const value = mode?.kind === 'group' ? mode.results[e.name] : undefined;
  return value ? inWords(value, { ...s, own: e.relation }) : e.name;
}

function literalWords(value: string | number | boolean | string[], s: Speaker): string {
  if (Array.isArray(value)) return listWords(value, s);
  if (typeof value === 'boolean') return value ? SAYS.yes[s.lang] : SAYS.no[s.lang];
  if (typeof value === 'number') return String(value);
  if (/^\d{4}-\d{2}-\d{2}$/.test(value)) return value;
  return s.lang === 'zh' ? `“${value}”` : `"${value}"`;
}

const listWords = (items: readonly string[], s: Speaker) =>
  s.lang === 'zh' ? `（${items.join('、')}）` : `(${items.join(', ')})`;

/** A parameter by its title, with the value it has. */
function paramWords(name: string, s: Speaker): string {
  const param = s.pack.params.get(name);
  if (!param) return name;
  const few = Array.isArray(param.value)
    ? [...param.value.slice(0, 5), ...(param.value.length > 5 ? ['…'] : [])]
    : undefined;
  const value = few ? few.join('、') : String(param.value);
  return s.lang === 'zh' ? `${param.title.zh}（${value}）` : `${param.title.en} (${value})`;
}

function callWords(e: Call, s: Speaker): string {
  const { lang } = s;
  const args = () => e.args.map((a) => inWords(a, s));
  switch (e.name) {
    case '&&':
    case '||': {
      const other = e.name === '&&' ? '||' : '&&';
      const part = (a: Expr) => {
        const text = inWords(a, s);
        return a.op === 'call' && a.name === other ? bracketed(text, lang) : text;
      };
      return flat(e, e.name)
        .map(part)
        .join(e.name === '&&' ? SAYS.and[lang] : SAYS.or[lang]);
    }
    case '!':
      return contrary(e.args[0] as Expr, s);
    case 'in':
      return fill(SAYS.in[lang], inParts(e, s));
    case '?:':
      return fill(SAYS.choice[lang], args());
    case 'negate':
      return `-${args()[0]}`;
    case '+':
    case '-':
    case '*':
    case '/':
    case '%': {
      const sign = { '+': ' + ', '-': ' − ', '*': ' × ', '/': ' ÷ ', '%': ' mod ' }[e.name];
      const part = (a: Expr) =>
        a.op === 'call' && /^[-+*/%]$/.test(a.name) ? bracketed(inWords(a, s), lang) : inWords(a, s);
      return e.args.map(part).join(sign);
    }
  }
  if (isNewYear(e)) return SAYS.newYear[lang];
  const comparison = COMPARISONS[e.name];
  if (comparison) return comparisonWords(e, comparison, s);
  return phraseWords(e, PHRASES, s) ?? `${e.name}(${args().join(', ')})`;
}

/** add_months(month_start(as_of), 1 - month(as_of)) */
function isNewYear(e: Call): boolean {
  const [start, back] = e.args;
  const ofToday = (x: Expr | undefined, name: string) =>
    x?.op === 'call' && x.name === name && x.args[0]?.op === 'as_of';
  return (
    e.name === 'add_months' &&
    ofToday(start, 'month_start') &&
    back?.op === 'call' &&
    back.name === '-' &&
    back.args[0]?.op === 'literal' &&
    back.args[0].value === 1 &&
    ofToday(back.args[1], 'month')
  );
}

/** Adding what is below zero is going back. */
function goingBack(e: Call): Call | undefined {
  const [from, n] = e.args;
  if (!/^add_/.test(e.name) || !from || n?.op !== 'call' || n.name !== 'negate') return undefined;
  return { ...e, name: `${e.name}-`, args: [from, n.args[0] as Expr] };
}

function phraseWords(e: Call, phrases: typeof PHRASES, s: Speaker): string | undefined {
  const back = goingBack(e);
  if (back) return phraseWords(back, phrases, s);
  const phrase = (e.args.length === 0 && phrases[`${e.name}()`]) || phrases[e.name];
  if (!phrase) return undefined;
  return fill(
    phrase[s.lang],
    e.args.map((a) => inWords(a, s)),
    s.own ? s.nameOf(s.own) : '',
  );
}

function comparisonWords(e: Call, comparison: (typeof COMPARISONS)[string], s: Speaker): string {
  const [a, b] = e.args as [Expr, Expr];
  if (a.type.base === 'bool' && b.op === 'literal') {
    return (e.name === '==') === b.value ? inWords(a, s) : contrary(a, s);
  }
  if (b.op === 'literal' && b.value === '' && /^[!=]=$/.test(e.name)) {
    return fill((e.name === '==' ? SAYS.empty : SAYS.notEmpty)[s.lang], [inWords(a, s)]);
  }
  const words = [sideWords(a, b, s), sideWords(b, a, s)];
  return fill((a.type.base === 'date' ? comparison.date : comparison.other)[s.lang], words);
}

/** A code is shown by its label. */
function sideWords(x: Expr, other: Expr, s: Speaker): string {
  if (x.op === 'literal' && other.type.codes) return codeLabel(String(x.value), other.type.codes, s);
  return inWords(x, s);
}

const codeLabel = (code: string, list: string, s: Speaker) => s.pack.codes.get(list)?.entries[code]?.[s.lang] ?? code;

function inParts(e: Call, s: Speaker): string[] {
  const [item, list] = e.args as [Expr, Expr];
  const codes = item.type.codes;
  if (list.op === 'literal' && Array.isArray(list.value)) {
    return [
      inWords(item, s),
      listWords(
        list.value.map((v) => (codes ? codeLabel(v, codes, s) : v)),
        s,
      ),
    ];
  }
  return [inWords(item, s), inWords(list, s)];
}

function contrary(e: Expr, s: Speaker): string {
  const { lang } = s;
  if (e.op === 'exists') return fill(SAYS.notExists[lang], [s.nameOf(e.relation)]);
  if (e.op === 'has') return fill(SAYS.notHas[lang], [fieldName(e, s)]);
  if (e.op === 'field') return fill(SAYS.isFalse[lang], [fieldName(e, s)]);
  if (e.op === 'call' && e.name === 'in') return fill(SAYS.notIn[lang], inParts(e, s));
  if (e.op === 'call' && e.name === '!') return inWords(e.args[0] as Expr, s);
  const known = e.op === 'call' ? phraseWords(e, CONTRARIES, s) : undefined;
  if (known) return known;
  const mode = e.op === 'result' ? e.relation.lookup?.mode : undefined;
  const value = e.op === 'result' && mode?.kind === 'group' ? mode.results[e.name] : undefined;
  if (e.op === 'result' && value) return contrary(value, { ...s, own: e.relation });
  return fill(SAYS.not[lang], [inWords(e, s)]);
}

const flat = (e: Expr, name: string): Expr[] =>
  e.op === 'call' && e.name === name ? e.args.flatMap((a) => flat(a, name)) : [e];

const bracketed = (text: string, lang: Lang) => (lang === 'zh' ? `（${text}）` : `(${text})`);
