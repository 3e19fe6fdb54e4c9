import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { applyOverrides } from '../../src/config/override.js';
import { loadPack } from '../../src/config/pack.js';
import { keyOf } from '../../src/ingest/cache/key.js';
import { pruneCache, tidy } from '../../src/ingest/cache/tidy.js';
import { random } from '../support/random.js';
import { A, B, C, checksDir, csv, directory, load, TAX } from './load-harness.js';

const BY = 'bidui 0 engine 0';
const entriesIn = (dir: string) => readdirSync(dir).filter((n) => /^[0-9a-f]{64}$/.test(n));

/** Whole numbers below `n`, the same for the same seed. */
function below(seed: number): (n: number) => number {
  const next = random(seed);
  return (n) => (next() * 2 ** 32) % n;
}

type Files = Record<string, string>;
const ADDRESS = `
source: office
title: { zh: 住所, en: Office }
department: tax
files: ["住所*"]
several: all
key: [id]
duplicates: { keep: none }
subject: { uscc: uscc, name: name }
fields:
  id: { title: { zh: 编号, en: Number }, required: true }
  uscc: { title: { zh: 统一社会信用代码, en: Credit code }, type: uscc }
  name: { title: { zh: 企业名称, en: Name }, type: name }
  place: { title: { zh: 住所, en: Place }, type: address }
  note: { title: { zh: 备注, en: Note }, type: list }
  area: { title: { zh: 面积, en: Area }, type: quantity, unit: 平方米 }
`;
const ALIASES = `
source: address_alias
title: { zh: 地名, en: Names }
department: tax
kind: reference
files: ["地名*"]
key: [alias]
fields:
  alias: { title: { zh: 别名, en: Alias }, required: true }
  canonical: { title: { zh: 正名, en: Name }, required: true }
  kind: { title: { zh: 类别, en: Kind } }
`;

/** Everything that ingest leaves for later steps, as text. */
async function became(extracts: Files, checks: Record<string, string>, cache?: string): Promise<[string, number]> {
  const { record, rows } = await load(extracts, { checks, ...(cache ? { cache: { dir: cache, by: BY } } : {}) });
  const tables = await rows<{ s: string; t: string }>(
    `SELECT schema_name AS s, table_name AS t FROM duckdb_tables() UNION ALL
     SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal ORDER BY ALL`,
  );
  const all: unknown[] = [];
  for (const { s, t } of tables) {
    const types = await rows(`SELECT column_name, column_type FROM (DESCRIBE ${s}."${t}")`);
    all.push(s, t, types, await rows(`SELECT * FROM ${s}."${t}" ORDER BY ALL`));
  }
  const { seconds: _, fromCache = [], ...lasting } = record;
  return [JSON.stringify([all, lasting]), fromCache.length];
}

const NAMES = ['苏州甲有限公司', '苏州乙有限公司', '苏州丙有限公司', '苏州老甲有限公司', '不详'];
const CODES = [A, B, C, A.replace('0', 'O'), '', 'x', '91320594MA1TEXT06'];
const DATES = ['2026-01-05', '2026年2月3日', '二〇二六', '', '20260704'];
const PLACES = ['苏州市工业园区星湖街328号', '星湖大道328号5幢201室', '', '无', '园区月亮湾路10号'];

class Extracts {
  private serial = 0;
  private readonly rows: Record<string, string[][]> = { 企业: [], 税务: [], 住所1: [], 住所2: [] };
  private names: Record<string, string> = {};

  constructor(private readonly pick: (n: number) => number) {
    this.rows.企业 = [A, B].map((c, i) => [c, NAMES[i]!, '', '存续', DATES[0]!]);
    for (let i = 0; i < 12; i++) for (const kind of ['税务', '住所1', '住所2']) this.add(kind);
  }

  private one<T>(of: readonly T[]): T {
    return of[this.pick(of.length)] as T;
  }

  private add(kind: string): void {
    const id = this.pick(12) === 0 ? '' : String(this.pick(8) === 0 ? this.pick(20) : 100 + this.serial++);
    const row =
      kind === '税务'
        ? [id, this.one(CODES), this.one(NAMES), this.one(['1.5', '2', '三', '']), this.one(DATES)]
        : [
            id,
            this.one(CODES),
            this.one(NAMES),
            this.one(PLACES),
            this.one(['甲、乙', '']),
            this.one(['12', '1e3', '?']),
          ];
    this.rows[kind]!.push(row);
  }

  /** A night's news. */
  change(): void {
    const kind = this.one(['企业', '税务', '税务', '住所1', '住所2']);
    const rows = this.rows[kind]!;
    const what = this.pick(5);
    if (kind === '企业') rows[1]![this.one([1, 2])] = this.one(NAMES);
    else if (what === 0) this.add(kind);
    else if (what === 1 && rows.length > 3) rows.splice(this.pick(rows.length), 1);
    else if (what === 2) this.names[kind] = `${this.pick(2) ? '新/' : ''}${kind}_2026070${1 + this.pick(8)}.csv`;
    else if (what === 3) rows.push([...this.one(rows)]);
    else {
      const row = this.one(rows);
      row[1] = this.one(CODES);
    }
  }

  files(): Files {
    const heads: Record<string, string[]> = {
      企业: ['统一社会信用代码', '企业名称', '曾用名', '登记状态', '核准日期'],
      税务: ['税务登记号', '统一社会信用代码', '企业名称', '营业收入', '申报日期'],
      住所1: ['编号', '统一社会信用代码', '企业名称', '住所', '备注', '面积'],
      住所2: ['编号', '统一社会信用代码', '企业名称', '住所', '备注', '面积'],
    };
    const file = { 企业: '企业登记.csv', 税务: '税务.csv', 住所1: '住所1.csv', 住所2: '住所2.csv', ...this.names };
    return Object.fromEntries(
      Object.entries(this.rows).map(([kind, rows]) => [file[kind as keyof typeof file], csv(heads[kind]!, ...rows)]),
    );
  }
}

const CHECKS = {
  'sources/office.yaml': ADDRESS,
  'sources/address_alias.yaml': ALIASES,
  'reference/地名.csv': csv(['别名', '正名', '类别'], ['星湖大道', '星湖街', 'road']),
};

/** Damages of the kinds that happen: cut off, overwritten, emptied, foreign, gone. */
function damage(cache: string, pick: (n: number) => number): void {
  const all = entriesIn(cache);
  const entry = join(cache, all[pick(all.length)]!);
  const file = join(entry, ['entry.json', 'typed.parquet'][pick(2)]!);
  const bytes = readFileSync(file);
  const what = pick(4);
  if (what === 0) truncateSync(file, pick(bytes.length));
  else if (what === 1) writeFileSync(file, '');
  else if (what === 2)
    writeFileSync(join(entry, 'entry.json'), readFileSync(join(cache, all[pick(all.length)]!, 'entry.json')));
  else {
    bytes[pick(bytes.length)]! ^= 1 + pick(255);
    writeFileSync(file, bytes);
  }
}

const NIGHTS = Number(process.env.NIGHTS ?? 12);

test.each([11, 12])(
  `seed %i: over ${NIGHTS} nights of random changes, a run from the cache gives what one without does`,
  async (seed) => {
    const pick = below(seed);
    const extracts = new Extracts(pick);
    const cache = directory();
    let checks: Record<string, string> = CHECKS;
    let taken = 0;
    for (let night = 0; night < NIGHTS; night++) {
      for (let n = pick(3); n > 0; n--) extracts.change();
      if (pick(6) === 0)
        checks = { ...checks, 'sources/tax.yaml': TAX.replace('unit: 元', pick(2) ? 'unit: 万元' : 'unit: 元') };
      if (pick(8) === 0) {
        const road = ['星湖街', '月亮湾路'][pick(2)]!;
        checks = { ...checks, 'reference/地名.csv': csv(['别名', '正名', '类别'], ['星湖大道', road, 'road']) };
      }
      if (night > 0 && pick(3) === 0) damage(cache, pick);
      const files = extracts.files();
      const [fresh] = await became(files, checks);
      const [cached, n] = await became(files, checks, cache);
      expect(cached, `night ${night}`).toBe(fresh);
      const [again, all] = await became(files, checks, cache);
      expect(again, `night ${night}, again`).toBe(fresh);
      expect(all).toBe(5);
      taken += n;
    }
    expect(taken).toBeGreaterThan(NIGHTS);
  },
  600_000,
);

const FILES = new Extracts(below(1)).files();

test('renamed and moved files are known, and their rows tell the new names', async () => {
  const cache = directory();
  await became(FILES, CHECKS, cache);
  const { '税务.csv': tax, ...rest } = FILES;
  const files = { ...rest, '下发/税务_20260701.csv': tax! };
  const [fresh] = await became(files, CHECKS);
  const [cached, n] = await became(files, CHECKS, cache);
  expect(n).toBe(5);
  expect(cached).toBe(fresh);
  expect(cached).toContain('下发/税务_20260701.csv');
});

test("a name's kind and the encoding it claims are part of the key", async () => {
  const cache = directory();
  await became(FILES, CHECKS, cache);
  const { '税务.csv': tax, ...rest } = FILES;
  const files = { ...rest, '税务gbk.csv': tax! };
  const [cached, n] = await became(files, CHECKS, cache);
  expect(n).toBe(4);
  expect(cached).toBe((await became(files, CHECKS))[0]);
  expect(cached).toContain('the file name says gb18030');
});

test('labels of a code list, by a park of its own too, and versions make another key', async () => {
  const cache = directory();
  await became(FILES, CHECKS, cache);
  const pack = loadPack(checksDir(CHECKS));
  const park = join(directory({ 'park.yaml': 'codes:\n  status:\n    active: { labels: [正常] }\n' }), 'park.yaml');
  const { record } = await load(FILES, { pack: applyOverrides(pack, park), cache: { dir: cache, by: BY } });
  expect(record.fromCache).not.toContain('企业登记.csv');
  expect(record.fromCache).toContain('税务.csv');
  const { record: other } = await load(FILES, { checks: CHECKS, cache: { dir: cache, by: 'bidui 1 engine 0' } });
  expect(other.fromCache).toEqual([]);
  const contract = pack.contracts.get('tax')!;
  const files = [{ name: 'a.csv', digest: { bytes: 1, sha256: 'x' } }];
  const key = keyOf({ by: BY, contract, fields: [], files });
  expect(keyOf({ by: BY, contract, fields: [], files: [...files, ...files] })).not.toBe(key);
});

test('what a killed process left half written is no entry, and goes', async () => {
  const cache = directory();
  const left = join(cache, 'new-nobody-999999999-x');
  mkdirSync(left);
  writeFileSync(join(left, 'typed.parquet'), 'half');
  const { hostname } = await import('node:os');
  const own = join(cache, `new-${hostname().replace(/[^a-z0-9]/gi, '_')}-999999999-x`);
  mkdirSync(own);
  const [cached] = await became(FILES, CHECKS, cache);
  expect(cached).toBe((await became(FILES, CHECKS))[0]);
  expect(existsSync(own)).toBe(false);
  expect(entriesIn(cache)).toHaveLength(4);
});

test('two runs at once', async () => {
  const cache = directory();
  const [fresh] = await became(FILES, CHECKS);
  const both = await Promise.all([became(FILES, CHECKS, cache), became(FILES, CHECKS, cache)]);
  expect(both.map(([x]) => x)).toEqual([fresh, fresh]);
  expect((await became(FILES, CHECKS, cache))[1]).toBe(5);
  expect(readdirSync(cache).filter((n) => n.startsWith('new-'))).toEqual([]);
});

test('a directory that cannot be used is told of and changes nothing', async () => {
  const file = join(directory({ here: 'a file' }), 'here');
  const said: unknown[] = [];
  const { record } = await load(FILES, { checks: CHECKS, cache: { dir: file, by: BY }, progress: (p) => said.push(p) });
  expect(record.fromCache).toBeUndefined();
  expect(said).toContainEqual({ stage: 'uncached', why: expect.stringContaining('EEXIST') });
});

test('its owner alone may read it', async () => {
  const cache = join(directory(), 'cache');
  await became(FILES, CHECKS, cache);
  expect(statSync(cache).mode & 0o077).toBe(0);
  for (const key of entriesIn(cache)) expect(statSync(join(cache, key)).mode & 0o077).toBe(0);
});

test('what three runs did not use goes, but not what may be in use; prune takes all but the last', () => {
  const dir = directory();
  const keys = [...'abcd'].map((c) => c.repeat(64));
  for (const key of keys) {
    mkdirSync(join(dir, key));
    writeFileSync(join(dir, key, 'entry.json'), '');
  }
  tidy(dir, [keys[0]!, keys[1]!]);
  tidy(dir, [keys[1]!]);
  tidy(dir, [keys[2]!]);
  expect(entriesIn(dir)).toHaveLength(4);
  const before = (Date.now() - 48 * 3600 * 1000) / 1000;
  for (const at of [join(dir, keys[3]!, 'entry.json'), join(dir, keys[3]!)]) utimesSync(at, before, before);
  tidy(dir, [keys[2]!]);
  expect(entriesIn(dir)).toEqual(keys.slice(0, 3));
  expect(pruneCache(dir, true)).toBe(2);
  expect(entriesIn(dir)).toHaveLength(3);
  expect(pruneCache(dir, false)).toBe(2);
  expect(entriesIn(dir)).toEqual([keys[2]]);
});
