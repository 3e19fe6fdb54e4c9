import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/** The rooms of docs/architecture.md from the top down: a file may import from its own room and from those below it. */
const ROOMS = [
  'cli',
  'doctor',
  'run',
  'report',
  'guard',
  'ledger',
  'compile',
  'checks',
  'ingest',
  'values',
  'config',
  'engine',
];
/** What every room may use. */
const GROUND = ['own-dirs', 'access', 'secrets', 'errors'];
const ORDER = [...ROOMS, ...GROUND];

const roomOf = (file: string): string => file.split('/')[1]?.replace(/\.[jt]s$/, '') ?? '';

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('src', name));

const imports = files.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)].map((m) => ({
    file,
    to: normalize(join(dirname(file), m[1] as string)),
  })),
);

test('every file stands in a room of the map', () => {
  expect(files.filter((f) => !ORDER.includes(roomOf(f)))).toEqual([]);
  expect(imports.length).toBeGreaterThan(files.length);
});

test('imports run one way, downwards', () => {
  const upwards = imports.filter(({ file, to }) => ORDER.indexOf(roomOf(to)) < ORDER.indexOf(roomOf(file)));
  expect(upwards).toEqual([]);
});

test('the map names the rooms in this order', () => {
  const map = readFileSync('docs/architecture.md', 'utf8');
  const named = [...map.matchAll(/^\| `src\/([a-z]+)\/`/gm)].map((m) => m[1]);
  expect(named).toEqual(ROOMS);
});
