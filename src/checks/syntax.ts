import { createRequire } from 'node:module';
import { preparedSyntax } from '../config/prepared.js';

/** Syntax of an expression, each node with the offset at which it starts, so that a message can point there. */
export type Syntax = { at: number } & (
  | { kind: 'literal'; value: string | number | boolean; isInt?: boolean }
  | { kind: 'list'; items: Syntax[] }
  | { kind: 'name'; name: string }
  | { kind: 'select'; operand: Syntax; field: string; fieldAt: number; test: boolean }
  | { kind: 'call'; name: string; args: Syntax[] }
);

export class SyntaxFault extends Error {
  constructor(
    message: string,
    readonly at: number,
    readonly fix?: string,
  ) {
    super(message);
  }
}

type Parse = typeof import('@bufbuild/cel').parse;
type CelExpr = NonNullable<ReturnType<Parse>['expr']>;

/** Far above any rule that somebody can read; what is beyond would only find out how deep the stack is. */
const LONGEST = 4_000;
const DEEPEST = 50;
const SHORTER = 'name its parts under `let`, or make two checks of it';

/** How deep brackets lie in each other, and where that begins. Those within texts count too: it is a limit, no grammar. */
function deepest(text: string): { depth: number; at: number } {
  let [depth, most, at] = [0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    if ('([{'.includes(text[i]!)) depth++;
    else if (')]}'.includes(text[i]!)) depth--;
    if (depth > most) [most, at] = [depth, i];
  }
  return { depth: most, at };
}

const read = new Map<string, Syntax>();

/** Every text that was read, with its syntax. */
export const syntaxRead = (): ReadonlyMap<string, Syntax> => read;

/**
 * Reads CEL text. Member calls `x.f(y)` are read as `f(x, y)`; macros over lists are not part of the language. Themes say
 * the same thing in many checks: each text is read once.
 */
export function readSyntax(text: string): Syntax {
  const known = read.get(text) ?? (preparedSyntax(text) as Syntax | undefined) ?? parsed(text);
  read.set(text, known);
  return known;
}

function parsed(text: string): Syntax {
  if (text.length > LONGEST) {
    throw new SyntaxFault(
      `this expression has ${text.length} characters; no more than ${LONGEST} are read`,
      LONGEST,
      SHORTER,
    );
  }
  const brackets = deepest(text);
  if (brackets.depth > DEEPEST) {
    throw new SyntaxFault(`brackets lie more than ${DEEPEST} deep in each other`, brackets.at, SHORTER);
  }
  // Loaded when there is something to read: what the build has read beforehand needs no parser.
  const { parse } = createRequire(import.meta.url)('@bufbuild/cel') as { parse: Parse };
  let parsed: ReturnType<Parse>;
  try {
    parsed = parse(text);
  } catch (error) {
    const fault = error as { rawMessage?: string; location?: { start?: { offset?: number } } };
    throw new SyntaxFault(
      `this expression cannot be read: ${fault.rawMessage ?? String(error)}`,
      fault.location?.start?.offset ?? 0,
    );
  }
  const positions = parsed.sourceInfo?.positions ?? {};
  const convert = (e: CelExpr): Syntax => {
    const at = positions[String(e.id)] ?? 0;
    const kind = e.exprKind;
    switch (kind.case) {
      case 'constExpr': {
        const c = kind.value.constantKind;
        if (c.case === 'stringValue' || c.case === 'boolValue') return { at, kind: 'literal', value: c.value };
        if (c.case === 'int64Value' || c.case === 'uint64Value') {
          return { at, kind: 'literal', value: Number(c.value), isInt: true };
        }
        if (c.case === 'doubleValue') return { at, kind: 'literal', value: c.value };
        throw new SyntaxFault(
          'this kind of literal has no use here',
          at,
          'to ask whether a value is there, use has(x.f) or is_known(x)',
        );
      }
      case 'identExpr':
        return { at, kind: 'name', name: kind.value.name };
      case 'listExpr':
        return { at, kind: 'list', items: kind.value.elements.map(convert) };
      case 'selectExpr': {
        const operand = convert(kind.value.operand!);
        const fieldAt = text.indexOf(kind.value.field, text.indexOf('.', kind.value.testOnly ? operand.at : at) + 1);
        return {
          at: operand.at,
          kind: 'select',
          operand,
          field: kind.value.field,
          fieldAt: Math.max(fieldAt, at),
          test: kind.value.testOnly,
        };
      }
      case 'callExpr': {
        const args = [...(kind.value.target ? [kind.value.target] : []), ...kind.value.args].map(convert);
        return { at, kind: 'call', name: kind.value.function, args };
      }
      default:
        throw new SyntaxFault(
          'macros over lists (exists, all, map, filter) are not part of the check language',
          at,
          'say it with `group` in the join: any(cond), all(cond), count(cond), sum(x) …',
        );
    }
  };
  return convert(parsed.expr!);
}

/** A message is text with expressions in braces. */
export function readTemplate(text: string): { text: string; at: number; isExpression: boolean }[] {
  const parts: { text: string; at: number; isExpression: boolean }[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('{', at);
    if (open < 0) break;
    const close = text.indexOf('}', open);
    if (close < 0) throw new SyntaxFault("a '{' is never closed", open, "close it with '}'");
    if (open > at) parts.push({ text: text.slice(at, open), at, isExpression: false });
    parts.push({ text: text.slice(open + 1, close), at: open + 1, isExpression: true });
    at = close + 1;
  }
  if (at < text.length) parts.push({ text: text.slice(at), at, isExpression: false });
  return parts;
}
