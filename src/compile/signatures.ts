import type { Type } from '../checks/ir.js';
import type { Parameter, ParamKind, Signature } from '../checks/signatures.js';
import type { ArgType, DomainFunction } from '../values/functions.js';
import { languageFunctions } from './language-functions.js';

/** The function table as the type checker sees it. */
export const signatures: ReadonlyMap<string, Signature> = new Map(
  Object.entries(languageFunctions).map(([name, fn]) => [name, signature(name, fn)]),
);

function signature(name: string, fn: DomainFunction): Signature {
  const params: Parameter[] = fn.params.map((p) => ({
    name: p.name,
    kind: name === 'mentions' && p.rest ? 'words' : kindOf(p.type),
    literal: p.literal,
    optional: p.optional,
    rest: p.rest,
  }));
  const shown = params.map((p) => `${p.name}${p.rest ? ' …' : ''}${p.optional ? '?' : ''}`);
  return {
    name,
    usage: `${name}(${shown.join(', ')})`,
    params,
    returns: (args) => {
      if (fn.returns === 'any') {
        // The arguments that are `any` are of one type; a number among integers makes the result a number.
        const any = args.filter((_, i) => params[Math.min(i, params.length - 1)]?.kind === 'any');
        return (any.find((a) => a.type.base !== 'int') ?? any[0]!).type;
      }
      return { base: kindOf(fn.returns) as Type['base'] };
    },
  };
}

function kindOf(t: ArgType): ParamKind {
  switch (t) {
    case 'text[]':
      return 'list';
    case 'decimal':
    case 'double':
      return 'number';
    case 'name':
      return 'text';
    case 'tiny':
      return 'int';
    default:
      return t;
  }
}
