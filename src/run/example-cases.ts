import type { CheckedCheck } from '../checks/checked.js';
import type { Example } from '../checks/theme.js';
import type { Contract } from '../config/contract.js';
import type { Pack } from '../config/pack.js';

export type Row = Record<string, unknown>;

/** An example with its rows, and the enterprise it is about. */
export interface Case {
  /** Its place among all cases; names what is its own in the engine. */
  number: number;
  check: CheckedCheck;
  index: number;
  example: Example;
  /** Rows by source; undefined where the source was not delivered. */
  given: ReadonlyMap<string, readonly Row[] | undefined>;
  subject: Subject;
}

export interface Subject {
  uscc: string;
  name: string;
}

/** Keys of an example that are not sources. */
const NOT_SOURCES = new Set(['title', 'as_of', 'outcome', 'params']);
/** The enterprise that examples may name where a value needs it (a permit number); see docs/check-language.md. */
const NAMED: Subject = { uscc: '91320594MA1TEXT06F', name: '示例企业有限公司' };

/** Every example of the checks as a case. Each gets an enterprise of its own, so that many can stand in one world. */
export function casesOf(checks: readonly CheckedCheck[]): Case[] {
  const cases: Case[] = [];
  for (const check of checks) {
    for (const [index, example] of check.def.examples.entries())
      cases.push(toCase(cases.length, check, index, example));
  }
  return cases;
}

function toCase(number: number, check: CheckedCheck, index: number, example: Example): Case {
  const own: Subject = { uscc: makeUscc(`MA9${String(number).padStart(5, '0')}`), name: `示例企业${number}有限公司` };
  const sources = Object.entries(example).filter(([key]) => !NOT_SOURCES.has(key));
  const renamed = rename(sources, NAMED, own);
  // A name that is written oddly on purpose stays; then all of them do.
  const odd = /TEXT06|示例企业(?!\d)/i.test(JSON.stringify(renamed).normalize('NFKC'));
  const given = new Map<string, Row[] | undefined>();
  for (const [key, value] of odd ? sources : renamed) {
    given.set(key, value === 'not delivered' ? undefined : ([value].flat() as Row[]));
  }
  const [judged, ...others] = given.get('enterprise') ?? [{}];
  const first: Row = { ...(odd ? NAMED : own), ...judged };
  given.set('enterprise', [first, ...others]);
  return { number, check, index, example, given, subject: { uscc: String(first.uscc), name: String(first.name) } };
}

/** The same rows about another enterprise. */
function rename(sources: [string, unknown][], from: Subject, to: Subject): [string, unknown][] {
  const text = JSON.stringify(sources)
    .replaceAll(from.uscc, to.uscc)
    .replaceAll(from.uscc.slice(8, 17), to.uscc.slice(8, 17))
    .replaceAll(from.name, to.name);
  return JSON.parse(text) as [string, unknown][];
}

/** A row that says nothing of whose it is belongs to the case's enterprise. */
export function identified(row: Row, contract: Contract, subject: Subject): Row {
  const field = contract.subject?.uscc;
  const known = Object.values(contract.subject ?? {}).some((f) => f && f in row);
  return field && !known ? { ...row, [field]: subject.uscc } : row;
}

/**
 * Cases that can share a set of extracts without meeting each other, since loading one costs far more than a row in it.
 * Keys never meet (see example-world.ts); cases are kept apart where they use one name or number of an enterprise.
 */
export function worlds(cases: readonly Case[], pack: Pack): Case[][] {
  const found: { cases: Case[]; taken: Set<string> }[] = [];
  for (const c of cases) {
    const names = namesIn(c, pack);
    let world = found.find((w) => names.every((name) => !w.taken.has(name)));
    if (!world) {
      world = { cases: [], taken: new Set() };
      found.push(world);
    }
    world.cases.push(c);
    for (const name of names) world.taken.add(name);
  }
  return found.map((w) => w.cases);
}

/** Everything in a case by which an enterprise may be found. */
function namesIn(c: Case, pack: Pack): string[] {
  const names: string[] = [];
  for (const [source, rows] of c.given) {
    const contract = pack.contracts.get(source);
    if (!contract) continue;
    const fields = source === 'enterprise' ? ['uscc', 'name', 'reg_no', 'former_names'] : namesOf(contract);
    for (const row of (rows ?? []).map((r) => identified(r, contract, c.subject))) {
      for (const f of fields)
        if (row[f])
          names.push(
            ...String(row[f])
              .split(/[;；,，、]/)
              .map(plain),
          );
    }
  }
  return names;
}

const namesOf = (contract: Contract): string[] => Object.values(contract.subject ?? {}).filter((f) => f !== undefined);

const plain = (value: unknown): string =>
  String(value ?? '')
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s'"=()（）]/g, '');

/** Check characters of GB 11714-1997 and GB 32100-2015 for a body of eight. */
function makeUscc(body: string): string {
  const sum = (text: string, alphabet: string, weight: (i: number) => number) =>
    [...text].reduce((n, c, i) => n + alphabet.indexOf(c) * weight(i), 0);
  const inner = 11 - (sum(body, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', (i) => [3, 7, 9, 10, 5, 8, 4, 2][i]!) % 11);
  const code = `91320594${body}${inner === 10 ? 'X' : inner === 11 ? '0' : inner}`;
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY';
  return code + alphabet[(31 - (sum(code, alphabet, (i) => 3 ** i % 31) % 31)) % 31];
}
