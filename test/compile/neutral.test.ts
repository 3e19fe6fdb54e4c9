import { expect, test } from 'vitest';
import { aboutSelect } from '../../src/compile/abouts.js';
import { anomaliesTable, evidenceTable, flaggedTable, foundTable, outcomesTable } from '../../src/compile/anomalies.js';
import { detailSelect } from '../../src/compile/details.js';
import type { RunFacts } from '../../src/compile/facts.js';
import { holdBack } from '../../src/compile/held-back.js';
import { OutcomeWords } from '../../src/compile/outcome-words.js';
import { outcomeStatements } from '../../src/compile/outcomes.js';
import { planFrames } from '../../src/compile/plan.js';
import { portionsOf, portionViews } from '../../src/compile/portions.js';
import { maskPersonal, showAll } from '../../src/config/masking/treat.js';
import type { Dialect, Sql } from '../../src/engine/dialect.js';
import { duckdb } from '../../src/engine/duckdb/dialect.js';
import { wordingOf } from '../../src/run/facts.js';
import { loadChecks, pickChecks } from '../../src/run/load-checks.js';

/** The pieces of SQL among the arguments of a word: whole expressions, not patterns, names and numbers. */
const sqlIn = (x: unknown): Sql[] =>
  Array.isArray(x)
    ? x.flatMap(sqlIn)
    : typeof x === 'object' && x !== null
      ? Object.values(x).flatMap(sqlIn)
      : typeof x === 'string' && /[."(_]/.test(x) && !/[\\^$[\]|?]/.test(x)
        ? [x]
        : [];

/** A dialect of no engine: every word of it is recognised again, so that what remains was said without asking it. */
const word = (name: string): unknown => {
  switch (name) {
    case 'name':
      return 'toy';
    case 'ident':
      return (id: string) => `"${id}"`;
    case 'let':
      return (x: Sql, fn: (x: Sql) => Sql) => `toy_let(${x}, ${fn('toy_x')})`;
    case 'letting':
      return (let_: Dialect['let']) => ({ ...toy, let: let_ });
    case 'listMap':
      return (list: Sql, fn: (x: Sql) => Sql) => `toy_map(${list}, ${fn('toy_x')})`;
    // Their arguments are values, not SQL.
    case 'text':
    case 'date':
    case 'textList':
      return () => `toy_${name}`;
    default:
      return (...args: unknown[]) => `toy_${name}(${args.flatMap(sqlIn).join(', ')})`;
  }
};
const toy: Dialect = Object.fromEntries(Object.keys(duckdb).map((name) => [name, word(name)])) as unknown as Dialect;

/** What every engine of SQL has. */
const STANDARD = new Set(
  'and as among by case coalesce count exists floor from in join max min not nullif on or over partition row_number select sum then values when where else p v r'.split(
    ' ',
  ),
);

const { pack, themes } = loadChecks('checks');
const checks = pickChecks(themes, []);
const facts: RunFacts = {
  asOf: '2026-07-31',
  lang: 'zh',
  treat: maskPersonal,
  others: [showAll],
  params: new Map([...pack.params].map(([id, p]) => [id, p.value])),
  source: (id) => ({
    delivered: true,
    complete: pack.contracts.get(id)!.complete,
    linked: true,
    refused: true,
    linkedOtherwise: true,
    absentFields: new Set(),
    key: pack.contracts.get(id)!.key,
  }),
};
const frames = planFrames(checks);

test('check digits are worked out in layers, not in lambdas', () => {
  const statements = frames.flatMap((f) => outcomeStatements(f, duckdb, facts));
  const checked = statements.filter((sql) => sql.includes('encode(substr('));
  expect(checked).not.toEqual([]);
  for (const sql of checked) expect(sql).not.toContain('lambda let_');
});

test('compiled SQL has no word that the dialect was not asked for', () => {
  const [, second] = portionsOf(0, 2, 2);
  const words = new OutcomeWords(checks, toy);
  const alone = checks.map((c) => planFrames([c])[0]!);
  const sql = [
    ...frames.flatMap((f) => outcomeStatements(f, toy, facts)),
    ...frames.flatMap((f) => outcomeStatements(f, toy, facts, 'src', true)),
    ...portionViews(second!, pack.contracts.keys(), facts, 'src', toy),
    ...frames.flatMap((f) => outcomeStatements(f, toy, facts, 'src', true, second, words)),
    outcomesTable(frames, words, toy, 'src', second),
    ...frames.map((f) => detailSelect(f, toy, facts, wordingOf(pack), 'hot', 'run.outcomes').select),
    ...alone.filter((f) => f.each).map((f) => aboutSelect(f, toy, facts, 'hot')),
    outcomesTable(frames, words, toy, 'src'),
    words.view(),
    flaggedTable(words),
    words.counts(checks),
    words.supersede(checks[0]!.id),
    ...holdBack([checks[0]!.id], words, toy),
    foundTable(toy, 1),
    ...anomaliesTable(checks, toy),
    evidenceTable(toy, 1),
  ];
  const strange = new Set<string>();
  for (const statement of sql) {
    const bare = statement.replace(/'(?:[^']|'')*'/g, "''").replace(/"[^"]*"/g, 'id');
    for (const [, called] of bare.matchAll(/\b([A-Za-z_]\w*)\s*\(/g)) {
      if (!called!.startsWith('toy_') && !STANDARD.has(called!.toLowerCase())) strange.add(called!);
    }
    for (const [sign] of bare.matchAll(/::|\bILIKE\b|\bFILTER\b|\bQUALIFY\b|\bEXCLUDE\b|\blambda\b|->/gi))
      strange.add(sign);
  }
  expect([...strange]).toEqual([]);
});
