import type { Contract, Field, FieldType } from '../config/contract.js';
import { didYouMean } from '../config/nearest.js';
import type { Param } from '../config/pack.js';
import { BOOL, BROKEN, DATE, type Expr, INT, LIST, NUMBER, type Relation, TEXT, type Type } from './ir.js';
import { literalFault } from './literals.js';
import { accepts, type Signature, wantedWords } from './signatures.js';
import { readSyntax, type Syntax, SyntaxFault } from './syntax.js';

/** What an expression may speak of at the place where it stands. */
export interface Scope {
  relations: ReadonlyMap<string, Relation>;
  /** Values with a name: `let`. */
  values: ReadonlyMap<string, Expr>;
  params: ReadonlyMap<string, Param>;
  contract(source: string): Contract;
  codeIds(list: string): string[];
  signatures: ReadonlyMap<string, Signature>;
  /** Inside `group`, where rows are summed up. */
  aggregates: boolean;
}

/** The type a contract's field has in an expression. */
export function fieldType(f: Field): Type {
  const base = BASE[f.type];
  return { base, as: f.type, codes: f.codes, personal: f.personal };
}

const BASE: Record<FieldType, Type['base']> = {
  text: 'text', name: 'text', person: 'text', phone: 'text', email: 'text', id_no: 'text', uscc: 'text', org_code: 'text',
  reg_no: 'text', permit_no: 'text', licence_no: 'text', cas: 'text', industry: 'text', division: 'text', address: 'text',
  code: 'text', date: 'date', month: 'date', timestamp: 'timestamp', int: 'int', money: 'number', quantity: 'number',
  percent: 'number', bool: 'bool', list: 'list',
}; // biome-ignore format: one table

const AGGREGATES = new Set(['count', 'count_distinct', 'sum', 'min', 'max', 'any', 'all', 'collect']);
const OPERATORS: Record<string, string> = {
  '_&&_': '&&', '_||_': '||', '!_': '!', '_==_': '==', '_!=_': '!=', '_<_': '<', '_<=_': '<=', '_>_': '>', '_>=_': '>=',
  '_+_': '+', '_-_': '-', '_*_': '*', '_/_': '/', '_%_': '%', '-_': 'negate', '@in': 'in', '_?_:_': '?:',
}; // biome-ignore format: one table

type Tell = (fault: SyntaxFault) => void;
type Typing = Scope & { tell: Tell };

/** Something that has been told before is the reason: nothing new to tell. */
class FollowUp extends Error {}

/** Reads an expression and finds its type. Every fault is told once; what depends on a faulty part is not looked at. */
export function typed(text: string, scope: Scope, tell: Tell): Expr {
  try {
    return typeOf(readSyntax(text), { ...scope, tell });
  } catch (error) {
    if (!(error instanceof SyntaxFault)) throw error;
    tell(error);
    return BROKEN;
  }
}

function typeOf(s: Syntax, scope: Typing): Expr {
  try {
    return partOf(s, scope);
  } catch (error) {
    if (error instanceof SyntaxFault) scope.tell(error);
    else if (!(error instanceof FollowUp)) throw error;
    return BROKEN;
  }
}

const isBroken = (e: Expr) => e.op === 'broken';

function partOf(s: Syntax, scope: Typing): Expr {
  switch (s.kind) {
    case 'literal':
      if (typeof s.value === 'string') return { op: 'literal', type: TEXT, value: s.value };
      if (typeof s.value === 'boolean') return { op: 'literal', type: BOOL, value: s.value };
      return { op: 'literal', type: s.isInt ? INT : NUMBER, value: s.value };
    case 'list':
      return listLiteral(s);
    case 'name':
      return nameOf(s, scope);
    case 'select':
      return selectOf(s, scope);
    case 'call':
      return callOf(s, scope);
  }
}

function listLiteral(s: Extract<Syntax, { kind: 'list' }>): Expr {
  const value = s.items.map((item) => {
    if (item.kind !== 'literal' || typeof item.value === 'boolean') {
      throw new SyntaxFault('a list holds literal texts or numbers only', item.at);
    }
    return String(item.value);
  });
  if (value.length === 0)
    throw new SyntaxFault('an empty list matches nothing', s.at, 'name at least one value, or use a parameter');
  return { op: 'literal', type: LIST, value };
}

function nameOf(s: Extract<Syntax, { kind: 'name' }>, scope: Scope): Expr {
  if (s.name === 'as_of') return { op: 'as_of', type: DATE };
  const value = scope.values.get(s.name);
  if (value) return value;
  if (scope.relations.has(s.name) || s.name === 'param') {
    throw new SyntaxFault(`'${s.name}' is not a value by itself`, s.at, `name one of its fields, such as ${s.name}.…`);
  }
  throw new SyntaxFault(`no name '${s.name}' here`, s.at, suggestion(s.name, knownNames(scope)));
}

function knownNames(scope: Scope): string[] {
  return [...scope.relations.keys(), ...scope.values.keys(), 'as_of', 'param'];
}

const suggestion = (word: string, known: string[]) => didYouMean(word, known) ?? `known here: ${known.join(', ')}`;

function selectOf(s: Extract<Syntax, { kind: 'select' }>, scope: Typing): Expr {
  if (s.operand.kind !== 'name') throw new SyntaxFault('a field has no fields of its own', s.fieldAt);
  if (s.operand.name === 'param') return paramOf(s, scope);
  const relation = relationOf(s.operand, scope);
  const mode = relation.lookup?.mode;
  if (scope.aggregates) notSummed(`${relation.alias}.${s.field}`, s.at);
  if (mode?.kind === 'group') {
    const result = mode.results[s.field];
    if (!result) {
      throw new SyntaxFault(
        `no value '${s.field}' in the group of '${relation.alias}'`,
        s.fieldAt,
        suggestion(s.field, Object.keys(mode.results)),
      );
    }
    if (isBroken(result)) return BROKEN;
    if (s.test) throw new SyntaxFault('has() asks for a cell, and a group has none', s.at, 'use is_known(x)');
    return { op: 'result', type: result.type, relation, name: s.field };
  }
  const field = scope.contract(relation.source).fields[s.field];
  if (!field) {
    const fields = Object.keys(scope.contract(relation.source).fields);
    throw new SyntaxFault(
      `no field '${s.field}' in ${relation.source}`,
      s.fieldAt,
      didYouMean(s.field, fields) ?? `its fields are ${fields.join(', ')}`,
    );
  }
  if (s.test) return { op: 'has', type: BOOL, relation, field: s.field };
  return { op: 'field', type: fieldType(field), relation, field: s.field };
}

function notSummed(name: string, at: number): never {
  throw new SyntaxFault(
    `'${name}' is another value in each row of the group`,
    at,
    `sum the rows up: max(${name}), any(…), all(…), collect(${name}) …`,
  );
}

function paramOf(s: Extract<Syntax, { kind: 'select' }>, scope: Scope): Expr {
  const param = scope.params.get(s.field);
  if (!param) {
    throw new SyntaxFault(
      `no parameter '${s.field}'`,
      s.fieldAt,
      didYouMean(s.field, scope.params.keys()) ?? 'add it under checks/params/',
    );
  }
  return { op: 'param', type: { base: param.type }, name: s.field };
}

function relationOf(s: Syntax, scope: Scope): Relation {
  if (s.kind !== 'name') throw new SyntaxFault('the name of a row is wanted here', s.at);
  const relation = scope.relations.get(s.name);
  if (!relation) throw new SyntaxFault(`no name '${s.name}' here`, s.at, suggestion(s.name, knownNames(scope)));
  if (relation.broken) throw new FollowUp();
  return relation;
}

function callOf(s: Extract<Syntax, { kind: 'call' }>, scope: Typing): Expr {
  const operator = OPERATORS[s.name];
  if (operator)
    return operatorOf(
      operator,
      s,
      s.args.map((a) => typeOf(a, scope)),
      scope,
    );
  if (s.name === 'exists') {
    if (s.args.length !== 1) throw new SyntaxFault('exists(row) takes the name of one row', s.at);
    const relation = relationOf(s.args[0]!, scope);
    if (!relation.lookup) throw new SyntaxFault('the enterprise always exists', s.at, 'leave the condition out');
    if (relation.lookup.mode.kind === 'group')
      throw new SyntaxFault('a group always exists', s.at, 'compare its count()');
    if (scope.aggregates) notSummed(`exists(${relation.alias})`, s.at);
    return { op: 'exists', type: BOOL, relation };
  }
  if (AGGREGATES.has(s.name)) return aggregateOf(s, scope);
  return functionOf(
    s,
    s.args.map((a) => typeOf(a, scope)),
    scope,
  );
}

function aggregateOf(s: Extract<Syntax, { kind: 'call' }>, scope: Typing): Expr {
  if (!scope.aggregates) throw new SyntaxFault(`${s.name}() sums up rows`, s.at, 'use it under `group` of a join');
  const args = s.args.map((a) => typeOf(a, { ...scope, aggregates: false }));
  const [x] = args;
  if (args.some(isBroken)) return BROKEN;
  const call = (type: Type): Expr => ({ op: 'call', name: s.name, args, type });
  if (s.name === 'count') {
    if (args.length > 1 || (x && x.type.base !== 'bool')) throw new SyntaxFault('count() or count(condition)', s.at);
    return call(INT);
  }
  if (!x || args.length > 1) throw new SyntaxFault(`${s.name}(x) takes one expression`, s.at);
  if (s.name === 'any' || s.name === 'all') {
    want(x, 'bool', s.args[0]!);
    return call(BOOL);
  }
  if (s.name === 'sum') {
    if (!isNumeric(x.type)) throw new SyntaxFault(`sum() wants a number, not ${describe(x.type)}`, s.args[0]!.at);
    return call(x.type.base === 'int' ? INT : { ...x.type, base: 'number' });
  }
  if (s.name === 'count_distinct') return call(INT);
  if (s.name === 'collect') return call({ base: 'list', codes: x.type.codes, personal: x.type.personal });
  return call(x.type);
}

function functionOf(s: Extract<Syntax, { kind: 'call' }>, args: Expr[], scope: Typing): Expr {
  const signature = scope.signatures.get(s.name);
  if (!signature) {
    throw new SyntaxFault(
      `no function '${s.name}'`,
      s.at,
      didYouMean(s.name, [...scope.signatures.keys(), ...AGGREGATES, 'exists', 'has']) ??
        '`bidui checks functions` lists them',
    );
  }
  if (args.some(isBroken)) return BROKEN;
  const { params, usage } = signature;
  const last = params.at(-1);
  const least = params.filter((p) => !p.optional && !p.rest).length + (last?.rest && !last.optional ? 1 : 0);
  if (args.length < least || (args.length > params.length && !last?.rest)) {
    throw new SyntaxFault(`${usage} takes ${least} value${least === 1 ? '' : 's'}, not ${args.length}`, s.at);
  }
  for (const [i, arg] of args.entries()) {
    const wanted = params[Math.min(i, params.length - 1)]!;
    if (!accepts(wanted, arg)) {
      throw new SyntaxFault(
        `${usage}: ${wantedWords(wanted)} is wanted here, not ${describe(arg.type)}`,
        s.args[i]!.at,
      );
    }
    const fault = arg.op === 'literal' && literalFault(s.name, wanted.name, arg.value);
    if (fault) throw new SyntaxFault(fault, s.args[i]!.at);
  }
  ofOneType(
    args.flatMap((arg, i) =>
      params[Math.min(i, params.length - 1)]!.kind === 'any' ? [{ arg, at: s.args[i]!.at }] : [],
    ),
    usage,
  );
  const type = signature.returns(args);
  return { op: 'call', name: s.name, args, type: withPersonal(type, args) };
}

/** What a function takes as `any` is of one type in one call. */
function ofOneType(any: { arg: Expr; at: number }[], usage: string): void {
  const [first, ...others] = any;
  const other = others.find(
    ({ arg }) => arg.type.base !== first!.arg.type.base && !(isNumeric(arg.type) && isNumeric(first!.arg.type)),
  );
  if (other) {
    throw new SyntaxFault(
      `${usage}: all of them must be of one type, not ${describe(first!.arg.type)} and ${describe(other.arg.type)}`,
      other.at,
    );
  }
}

/** Text made of personal data is personal data. */
function withPersonal(type: Type, args: Expr[]): Type {
  if (type.base !== 'text' && type.base !== 'list') return type;
  const personal = args.map((a) => a.type.personal).find(Boolean);
  return personal ? { ...type, personal } : type;
}

function operatorOf(name: string, s: Extract<Syntax, { kind: 'call' }>, args: Expr[], scope: Typing): Expr {
  if (args.some(isBroken)) return BROKEN;
  const [a, b, c] = args as [Expr, Expr, Expr];
  const call = (type: Type): Expr => ({ op: 'call', name, args, type });
  switch (name) {
    case '&&':
    case '||':
    case '!':
      args.forEach((arg, i) => {
        want(arg, 'bool', s.args[i]!);
      });
      return call(BOOL);
    case '==':
    case '!=':
      comparable(a, b, s, scope);
      return call(BOOL);
    case '<':
    case '<=':
    case '>':
    case '>=':
      comparable(a, b, s, scope);
      if (!['int', 'number', 'date', 'timestamp'].includes(a.type.base)) {
        throw new SyntaxFault(`'${name}' compares numbers or dates, not ${describe(a.type)}`, s.at);
      }
      return call(BOOL);
    case 'in':
      return inList(a, b, s, scope);
    case '?:':
      want(a, 'bool', s.args[0]!);
      if (b.type.base !== c.type.base && !(isNumeric(b.type) && isNumeric(c.type))) {
        throw new SyntaxFault(
          `both sides of ':' must be of one type, not ${describe(b.type)} and ${describe(c.type)}`,
          s.at,
        );
      }
      return call(withPersonal(b.type.base === 'int' ? c.type : b.type, [b, c]));
    default:
      args.forEach((arg, i) => {
        if (!isNumeric(arg.type)) {
          const dates =
            arg.type.base === 'date'
              ? 'for dates use add_days(d, n), add_months(d, n) or days_between(a, b)'
              : undefined;
          throw new SyntaxFault(
            `'${name === 'negate' ? '-' : name}' wants numbers, not ${describe(arg.type)}`,
            s.args[i]!.at,
            dates,
          );
        }
      });
      if (name === '/') return call(NUMBER);
      return call(
        args.every((x) => x.type.base === 'int')
          ? INT
          : { ...(args.find((x) => x.type.base === 'number')?.type ?? NUMBER) },
      );
  }
}

function inList(item: Expr, list: Expr, s: Extract<Syntax, { kind: 'call' }>, scope: Scope): Expr {
  if (list.type.base !== 'list')
    throw new SyntaxFault(`'in' wants a list on its right, not ${describe(list.type)}`, s.args[1]!.at);
  noNotation(item, s.args[0]!);
  const syntax = s.args[1]!;
  if (item.type.base !== 'text' && !(isNumeric(item.type) && (list.op === 'literal' || list.op === 'param'))) {
    throw new SyntaxFault(`'in' looks for a text or a number, not ${describe(item.type)}`, s.args[0]!.at);
  }
  if (isNumeric(item.type)) {
    const entries = syntax.kind === 'list' ? syntax.items : [];
    const text = entries.find((x) => x.kind === 'literal' && typeof x.value === 'string');
    if (text) throw new SyntaxFault(`a text is never equal to ${describe(item.type)}`, text.at, 'leave out the quotes');
  }
  if (syntax.kind === 'list' && item.type.codes) {
    for (const entry of syntax.items) {
      if (entry.kind === 'literal') knownCode(item.type.codes, String(entry.value), entry.at, scope);
    }
  }
  if (list.op === 'param' && item.type.codes) {
    const values = scope.params.get(list.name)?.value;
    if (Array.isArray(values)) for (const value of values) knownCode(item.type.codes, value, syntax.at, scope);
  }
  return { op: 'call', name: 'in', args: [item, list], type: BOOL };
}

function comparable(a: Expr, b: Expr, s: Extract<Syntax, { kind: 'call' }>, scope: Scope): void {
  const sameBase = a.type.base === b.type.base || (isNumeric(a.type) && isNumeric(b.type));
  if (!sameBase) throw new SyntaxFault(`${describe(a.type)} cannot be compared with ${describe(b.type)}`, s.at);
  if (a.type.base === 'list')
    throw new SyntaxFault('lists are not compared with == or <', s.at, 'use overlaps(a, b) or contains_all(a, b)');
  if (a.type.base !== 'text') return;
  noNotation(a, s.args[0]!);
  noNotation(b, s.args[1]!);
  if (a.type.codes && b.type.codes && a.type.codes !== b.type.codes) {
    throw new SyntaxFault(`codes of '${a.type.codes}' and of '${b.type.codes}' are never the same thing`, s.at);
  }
  literalCode(a, b, s.args[1]!, scope);
  literalCode(b, a, s.args[0]!, scope);
}

function literalCode(code: Expr, literal: Expr, at: Syntax, scope: Scope): void {
  if (!code.type.codes) return;
  if (literal.op === 'literal') knownCode(code.type.codes, String(literal.value), at.at, scope);
  if (literal.op === 'param') knownCode(code.type.codes, String(scope.params.get(literal.name)?.value), at.at, scope);
}

function knownCode(list: string, code: string, at: number, scope: Scope): void {
  const known = scope.codeIds(list);
  if (!known.includes(code)) throw new SyntaxFault(`no code '${code}' in ${list}`, at, suggestion(code, known));
}

const NOTATION: Partial<Record<FieldType, string>> = {
  name: 'same_name(a, b)',
  person: 'same_person(a, b)',
  address: 'same_address(a, b)',
};

/** Texts of which one thing has many spellings are compared by the functions that know them. */
function noNotation(x: Expr, at: Syntax): void {
  const fn = x.op === 'field' && x.type.as ? NOTATION[x.type.as] : undefined;
  if (fn)
    throw new SyntaxFault(
      `${describe(x.type)} has many spellings and is not compared letter by letter`,
      at.at,
      `use ${fn}`,
    );
}

function want(x: Expr, base: Type['base'], at: Syntax): void {
  if (x.type.base !== base) throw new SyntaxFault(`a ${base} is wanted here, not ${describe(x.type)}`, at.at);
}

const isNumeric = (t: Type) => t.base === 'int' || t.base === 'number';

export function describe(t: Type): string {
  const word = t.codes ? `a code of ${t.codes}` : (t.as ?? t.base);
  return t.codes ? word : /^[aeiou]/.test(word) ? `an ${word}` : `a ${word}`;
}
