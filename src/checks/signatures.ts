import type { Expr, Type } from './ir.js';

/** What a function's parameter accepts. `address` wants a field, since its parts are stored beside it. */
export type ParamKind =
  | 'bool'
  | 'int'
  | 'number'
  | 'date'
  | 'timestamp'
  | 'text'
  | 'list'
  | 'words'
  | 'address'
  | 'any';

export interface Parameter {
  name: string;
  kind: ParamKind;
  /** Must be written out in the check. */
  literal?: boolean;
  optional?: boolean;
  /** May be repeated. */
  rest?: boolean;
}

/** A function as the type checker sees it; what it means in SQL is the compiler's business. */
export interface Signature {
  name: string;
  /** As written in messages: `within(a, b, rel, abs)`. */
  usage: string;
  params: readonly Parameter[];
  returns(args: readonly Expr[]): Type;
}

export function accepts(wanted: Parameter, arg: Expr): boolean {
  const { base, as } = arg.type;
  if (wanted.literal && arg.op !== 'literal') return false;
  switch (wanted.kind) {
    case 'any':
      return true;
    case 'number':
      return base === 'int' || base === 'number';
    case 'address':
      return arg.op === 'field' && as === 'address';
    case 'words':
      return base === 'text' || (base === 'list' && (arg.op === 'param' || arg.op === 'literal'));
    default:
      return base === wanted.kind;
  }
}

/** What is wanted, in words. */
export function wantedWords(p: Parameter): string {
  if (p.kind === 'address') return 'an address field';
  if (p.kind === 'words') return 'a text or a list parameter';
  const word = p.kind === 'any' ? 'value' : p.kind;
  return `${/^[aeiou]/.test(word) ? 'an' : 'a'} ${word}${p.literal ? ' written out' : ''}`;
}
