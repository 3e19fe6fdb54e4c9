import { expect, test } from 'vitest';
import { named } from '../../src/report/file-names.js';

const names = (...all: string[]) => named(all.map((name, i) => ({ id: `t${i}`, name }))).map((x) => x.name);

test('titles become names that lie in their folder, on every file system', () => {
  expect(names('排污许可证', '../../etc/passwd', 'a\\b:c*?"<>|', '.hidden', 'end. ', '\u0000')).toEqual([
    '排污许可证',
    '__.._etc_passwd',
    'a_b_c______',
    '_hidden',
    'end_',
    '_',
  ]);
});

test('equal titles, whatever the case, do not overwrite each other', () => {
  expect(names('Permits', 'permits', 'Permits', '')).toEqual(['Permits', 'permits_t1', 'Permits_t2', '_t3']);
});

test('long titles are cut to what a file system takes', () => {
  const [a, b] = names('长'.repeat(200), '长'.repeat(201));
  expect(Buffer.byteLength(`${a}.csv`)).toBeLessThan(255);
  expect(a).not.toBe(b);
});
