import { type Place, usageError } from '../errors.js';
import { yamlLibrary } from './yaml-library.js';

/** Far above any file that somebody writes; what is beyond ends in a sentence, not in a parser out of stack or memory. */
const BYTES = 8_000_000;
const DEPTH = 64;
const INDENT = 400;

const FIX = 'this is no file that bidui would need: write it anew, or find out who put it there';

/** Refuses what a YAML parser, which goes down into nested values by calling itself, does not live through. */
export function withinLimits(source: string, name: string): void {
  const refuse = (what: string, where: Place) => usageError({ what, where, fix: FIX });
  if (source.length > BYTES)
    throw refuse(`the file has ${source.length} characters; no more than ${BYTES} are read`, { file: name });
  const indented = new RegExp(`^ {${INDENT}}|^ *(?:[-?:][ \\t]+){${DEPTH}}`, 'm').exec(source);
  if (indented) {
    const line = source.slice(0, indented.index).split('\n').length;
    throw refuse(`values lie more than ${DEPTH} deep in each other`, { file: name, line });
  }
  let depth = 0;
  let line = 1;
  const { Lexer } = yamlLibrary();
  for (const token of new Lexer().lex(source)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    else if (token.includes('\n')) line += token.split('\n').length - 1;
    if (depth > DEPTH) throw refuse(`values lie more than ${DEPTH} deep in each other`, { file: name, line });
  }
}

/** Values with their aliases put in; refused where these would make gigabytes of a few lines, or a value a part of itself. */
export function unfolded(toJs: () => unknown, name: string): unknown {
  try {
    const data = toJs();
    withoutRings(data, []);
    return data;
  } catch (error) {
    if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error;
    throw usageError({
      what: 'the aliases of this file (&name, *name) stand for far too much, for something that is not there, or for themselves',
      where: { file: name },
      why: error.message,
      fix: 'write the values out where they belong',
    });
  }
}

function withoutRings(value: unknown, above: readonly unknown[]): void {
  if (typeof value !== 'object' || value === null) return;
  if (above.includes(value)) throw new RangeError('a value holds itself');
  for (const inner of Object.values(value)) withoutRings(inner, [...above, value]);
}
