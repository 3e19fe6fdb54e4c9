import { readFileSync } from 'node:fs';
import type { Document, LineCounter, Node } from 'yaml';
import type { ZodError, ZodType } from 'zod';
import * as z from 'zod';
import { type Place, type Problem, usageError } from '../errors.js';
import { didYouMean } from './nearest.js';
import { checkKey, digestOf, isPrepared, preparedCheck, preparedYaml } from './prepared.js';
import { yamlLibrary } from './yaml-library.js';
import { unfolded, withinLimits } from './yaml-limits.js';
import { textOffset } from './yaml-offset.js';

export type Path = readonly (string | number)[];

/** The nodes of a YAML text and the beginnings of its lines; read when first asked for. */
class Nodes {
  private read: { document: Document.Parsed; lines: LineCounter } | undefined;

  constructor(readonly source: string) {}

  get document(): Document.Parsed {
    return this.parsed().document;
  }

  get lines(): LineCounter {
    return this.parsed().lines;
  }

  private parsed(): { document: Document.Parsed; lines: LineCounter } {
    if (!this.read) {
      const { LineCounter, parseDocument } = yamlLibrary();
      const lines = new LineCounter();
      const document = parseDocument(this.source, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
      this.read = { document, lines };
    }
    return this.read;
  }
}

const checked = new Map<string, unknown>();

/** Every file that was checked in full as something, by `checkKey`, with its data after that. */
export const filesChecked = (): ReadonlyMap<string, unknown> => checked;

/** A YAML file that remembers where each of its values stands. */
export class YamlFile {
  private constructor(
    /** As shown to the user. */
    readonly name: string,
    private readonly nodes: Nodes,
    private known: { data: unknown } | undefined,
    /** Of the text, where the data is the text's. */
    private readonly digest?: string,
  ) {}

  get data(): unknown {
    this.known ??= preparedYaml(this.digest ?? '');
    return this.known?.data;
  }

  static read(path: string, name: string): YamlFile {
    const source = textOf(path, name);
    const digest = digestOf(source);
    return isPrepared(digest) ? new YamlFile(name, new Nodes(source), undefined, digest) : YamlFile.parse(source, name);
  }

  static parse(source: string, name: string): YamlFile {
    withinLimits(source, name);
    const nodes = new Nodes(source);
    const { document, lines } = nodes;
    if (document.errors.length > 0) {
      throw usageError(
        document.errors.map((e) => {
          const { line, col } = lines.linePos(e.pos[0]);
          return {
            what: `this is not valid YAML: ${firstLine(e.message)}`,
            where: { file: name, line, column: col },
            fix: 'mend the YAML here: usually indentation, an unclosed quote or bracket, or a key given twice',
          };
        }),
      );
    }
    if (document.contents === null) {
      throw usageError({
        what: 'the file holds nothing',
        where: { file: name },
        fix: 'write it, or remove the file; `bidui checks schema` says what belongs there',
      });
    }
    const data = unfolded(() => document.toJS({ maxAliasCount: 100 }), name);
    return new YamlFile(name, nodes, { data }, digestOf(source));
  }

  /** Where the value at `path` stands; `key` asks for its key instead. Falls back to the nearest parent that exists. */
  place(path: Path, of: 'value' | 'key' = 'value'): Place {
    return this.placeAt(this.offset(path, of));
  }

  /** Where character `index` of the text at `path` stands: for an error inside an expression. */
  placeInText(path: Path, index: number): Place {
    const node = this.node(path);
    if (!yamlLibrary().isScalar(node) || !node.range) return this.place(path);
    return this.placeAt(textOffset(this.nodes.source, node, index));
  }

  /** The same file with its texts changed: its places stay as they are. `plain`: the text stands there without quotes. */
  mapTexts(change: (text: string, path: Path, plain: boolean) => unknown): YamlFile {
    const map = (value: unknown, path: Path): unknown => {
      if (typeof value === 'string') {
        const node = this.node(path);
        return change(value, path, yamlLibrary().isScalar(node) && node.type === 'PLAIN');
      }
      if (Array.isArray(value)) return value.map((v, i) => map(v, [...path, i]));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, map(v, [...path, k])]));
    };
    return new YamlFile(this.name, this.nodes, { data: map(this.data, []) });
  }

  /** Checks the data against a schema, telling every fault with its place. `kind`: as `bidui checks schema` calls it. */
  validate<T>(schema: ZodType<T>, kind?: string): T {
    const result = schema.safeParse(this.data);
    if (result.success) return result.data;
    throw usageError(this.problems(result.error, schema, kind));
  }

  /** The same for a file of the checks directory, whose folder says `as` what: the build has checked those that ship. */
  validateAs<T>(as: string, schema: ZodType<T>): T {
    const prepared = this.digest === undefined ? undefined : preparedCheck(as, this.digest);
    if (prepared) return prepared.data as T;
    const data = this.validate(schema);
    if (this.digest !== undefined) checked.set(checkKey(as, this.digest), data);
    return data;
  }

  private problems(error: ZodError, schema: ZodType, kind?: string): Problem[] {
    return error.issues.flatMap((issue): Problem[] => {
      const path = issue.path as (string | number)[];
      if (issue.code === 'unrecognized_keys') {
        return issue.keys.map((key) => ({
          what: `unknown key '${key}'`,
          where: this.place([...path, key], 'key'),
          fix:
            didYouMean(key, knownKeys(schema, path)) ??
            `remove it, or see \`bidui checks schema${kind ? ` ${kind}` : ''}\` for the keys allowed here`,
        }));
      }
      const at = path.length > 0 ? `'${path.join('.')}': ` : '';
      return [{ what: `${at}${worded(issue)}`, where: this.place(path), fix: suggestion(issue, this.value(path)) }];
    });
  }

  private value(path: Path): unknown {
    return path.reduce<unknown>((x, step) => (x as Record<string | number, unknown> | undefined)?.[step], this.data);
  }

  private placeAt(offset: number): Place {
    const { line, col } = this.nodes.lines.linePos(offset);
    return { file: this.name, line, column: col };
  }

  private node(path: Path): unknown {
    let node: unknown = this.nodes.document.contents;
    for (const step of path) node = child(node, step);
    return node;
  }

  private offset(path: Path, of: 'value' | 'key'): number {
    let node: unknown = this.nodes.document.contents;
    let offset = rangeStart(node) ?? 0;
    for (const [i, step] of path.entries()) {
      if (of === 'key' && i === path.length - 1 && yamlLibrary().isMap(node)) {
        const pair = node.items.find((p) => yamlLibrary().isPair(p) && keyOf(p.key) === String(step));
        const at = pair && rangeStart(pair.key);
        if (at !== undefined) return at;
      }
      node = child(node, step);
      if (node === undefined) break;
      offset = rangeStart(node) ?? offset;
    }
    return offset;
  }
}

type Issue = ZodError['issues'][number];

/** Types as people who write YAML call them. */
const KINDS: Record<string, string> = {
  object: 'a mapping (key: value)',
  record: 'a mapping (key: value)',
  array: 'a list',
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
};

function worded(issue: Issue): string {
  if (issue.code === 'invalid_type') {
    const kind = KINDS[issue.expected] ?? issue.expected;
    return /received undefined/.test(issue.message) ? `is missing; ${kind} is needed` : `must be ${kind}`;
  }
  if (issue.code === 'invalid_value' && issue.values.length > 1) return 'there is no such choice';
  return issue.message;
}

function suggestion(issue: Issue, value: unknown): string | undefined {
  if (issue.code !== 'invalid_value' || issue.values.length < 2) return undefined;
  const choices = issue.values.map(String);
  const near = typeof value === 'string' ? didYouMean(value, choices) : undefined;
  return near ?? `choose from ${choices.join(', ')}`;
}

/** The text of a file that people write: what can be wrong with it is theirs to mend. */
export function textOf(path: string, name: string): string {
  const fault = (what: string, fix: string, why?: string) => usageError({ what, where: { file: name }, why, fix });
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw fault('there is no such file', 'check the path');
    if (code === 'EISDIR') throw fault('this is a directory, not a file', 'give a YAML file');
    if (code === 'EACCES' || code === 'EPERM')
      throw fault('the file may not be read by this user', 'change its permissions');
    throw fault('the file cannot be read', 'check the disk it lies on', message);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw fault(
      'the file is not UTF-8 text',
      'save it as UTF-8 in the editor; on Windows it may have been saved as ANSI or GBK',
    );
  }
}

/** Keys that a schema allows at `path`, found in its JSON Schema, where every union and record is spelled out. */
function knownKeys(schema: ZodType, path: Path): string[] {
  type Json = {
    properties?: Record<string, Json>;
    additionalProperties?: Json;
    items?: Json;
    anyOf?: Json[];
    oneOf?: Json[];
  };
  let level: Json[] = [z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Json];
  const alternatives = (nodes: Json[]): Json[] =>
    nodes.flatMap((n) => [n, ...alternatives([...(n.anyOf ?? []), ...(n.oneOf ?? [])])]);
  for (const step of path) {
    level = alternatives(level).flatMap((n) => {
      const next = typeof step === 'number' ? n.items : (n.properties?.[step] ?? n.additionalProperties);
      return next && typeof next === 'object' ? [next] : [];
    });
  }
  return alternatives(level).flatMap((n) => Object.keys(n.properties ?? {}));
}

const firstLine = (text: string) => text.split('\n', 1)[0] ?? text;
const keyOf = (key: unknown) => String(yamlLibrary().isScalar(key) ? key.value : key);
const rangeStart = (node: unknown): number | undefined => (node as Node | null | undefined)?.range?.[0];

function child(node: unknown, step: string | number): unknown {
  const collection = node as { get?: (key: string | number, keepScalar: boolean) => unknown } | null | undefined;
  return collection?.get?.(step, true);
}
