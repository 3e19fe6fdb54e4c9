/**
 * How well addresses are told apart: `tsx test/values/address-quality.ts [--all]`. Reads addresses.tsv, prints precision, recall and
 * F1 of "different" and of "same", and the confusion of relations. Pairs of the part `held` are counted, and only
 * counted, unless --all is given; so that what is tuned on is not what is measured on.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { duckdb as d } from '../../src/engine/duckdb/dialect.js';
import { addressRelation } from '../../src/values/address/compare.js';
import { addressParts } from './harness.js';

export interface LabelledPair {
  part: string;
  place: string;
  a: string;
  b: string;
  relation: string;
  why: string;
  found?: string;
}

export function readPairs(): LabelledPair[] {
  const file = fileURLToPath(new URL('./addresses.tsv', import.meta.url));
  const [header, ...rows] = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'));
  return rows.map((r) => Object.fromEntries(header!.map((h, i) => [h, r[i]])) as unknown as LabelledPair);
}

/** The relation each pair is found to have, in the order given. */
export async function judge(pairs: readonly LabelledPair[]): Promise<string[]> {
  const db = await DuckDb.open({ threads: 2 });
  try {
    const values = pairs.map((p, i) => `(${i}, ${d.text(p.a)}, ${d.text(p.b)})`).join(', ');
    const rows = await db.rows<{ r: string }>(
      `SELECT ${addressRelation('a', 'b', d)} AS r FROM (SELECT i, ${addressParts('x', d)} AS a, ${addressParts('y', d)} AS b FROM (VALUES ${values}) v(i, x, y)) ORDER BY i`,
    );
    return rows.map((row) => row.r);
  } finally {
    db.close();
  }
}

export type Verdict = 'same' | 'different' | 'undecided';
export const verdict = (relation: string): Verdict =>
  relation.startsWith('different') ? 'different' : relation === 'same' || relation === 'exact' ? 'same' : 'undecided';

export interface Score {
  precision: number;
  recall: number;
  f1: number;
}

/** Of one verdict: how often it was right when given, and how often it was given where it was right. */
export function score(pairs: readonly LabelledPair[], of: Verdict): Score {
  const wanted = pairs.filter((p) => verdict(p.relation) === of).length;
  const given = pairs.filter((p) => verdict(p.found!) === of).length;
  const right = pairs.filter((p) => verdict(p.found!) === of && verdict(p.relation) === of).length;
  const precision = given === 0 ? 1 : right / given;
  const recall = wanted === 0 ? 1 : right / wanted;
  return { precision, recall, f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall) };
}

const percent = (x: number) => `${(x * 100).toFixed(1)}%`.padStart(7);

function report(title: string, pairs: readonly LabelledPair[]): void {
  const exact = pairs.filter((p) => p.found === p.relation).length;
  console.log(`\n${title}: ${pairs.length} pairs, relation right in ${percent(exact / pairs.length).trim()}`);
  for (const of of ['different', 'same', 'undecided'] as const) {
    const s = score(pairs, of);
    console.log(
      `  ${of.padEnd(10)} precision ${percent(s.precision)}  recall ${percent(s.recall)}  F1 ${percent(s.f1)}`,
    );
  }
}

function confusion(pairs: readonly LabelledPair[]): void {
  const counts = new Map<string, number>();
  for (const p of pairs) {
    const key = `${p.relation} → ${p.found}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  console.log('\nlabelled → found');
  for (const [key, n] of [...counts].sort()) {
    const [from, to] = key.split(' → ');
    console.log(`  ${String(n).padStart(4)}  ${key}${from === to ? '' : '   ×'}`);
  }
}

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1]) {
  const pairs = readPairs();
  const found = await judge(pairs);
  for (const [i, p] of pairs.entries()) p.found = found[i];
  const tune = pairs.filter((p) => p.part === 'tune');
  const held = pairs.filter((p) => p.part === 'held');
  report('tune', tune);
  report('held', held);
  report('all', pairs);
  confusion(pairs);
  const shown = process.argv.includes('--all') ? pairs : tune;
  const wrong = shown.filter((p) => p.found !== p.relation);
  if (wrong.length > 0) console.log('\nwrong');
  for (const p of wrong)
    console.log(`  ${p.place}: ${p.a} | ${p.b}\n      labelled ${p.relation} (${p.why}), found ${p.found}`);
}
