import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packagePath } from '../../src/config/package-path.js';
import { checkKey, digestOf, type Prepared, preparedPath } from '../../src/config/prepared.js';
import { textOf, YamlFile } from '../../src/config/yaml.js';
import { loadChecks } from '../../src/run/load-checks.js';
import { prepareChecks } from '../../src/run/prepare-checks.js';

const CHECKS = packagePath('checks');
const texts = readdirSync(CHECKS, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => ({ name, text: readFileSync(join(CHECKS, name), 'utf8') }));

test('what is prepared is what reading gives, for every file that ships', () => {
  const { yaml } = prepareChecks(CHECKS);
  expect(texts.length).toBeGreaterThan(50);
  for (const { name, text } of texts) {
    expect(JSON.parse(yaml[digestOf(text)]!), name).toEqual(YamlFile.parse(text, name).data);
  }
});

test('what is prepared of a file as it was checked is what checking gives', () => {
  const { checked } = prepareChecks(CHECKS);
  const { pack, themes } = loadChecks(CHECKS);
  const given = [...themes.map((t) => ({ yaml: t.yaml, value: t.def as unknown, as: 'themes' }))];
  for (const [id, yaml] of pack.files.contracts) given.push({ yaml, value: pack.contracts.get(id), as: 'sources' });
  for (const [id, yaml] of pack.files.codes) given.push({ yaml, value: pack.codes.get(id), as: 'codes' });
  given.push({ yaml: pack.files.vocabulary, value: pack.vocabulary, as: 'vocabulary' });
  expect(given.length).toBeGreaterThan(50);
  for (const { yaml, value, as } of given) {
    const digest = digestOf(textOf(yaml.name, yaml.name));
    expect(JSON.parse(checked[checkKey(as, digest)]!), yaml.name).toEqual(value);
    // A theme is no code list, though it was checked.
    expect(checked).not.toHaveProperty([checkKey(as === 'codes' ? 'themes' : 'codes', digest)]);
  }
});

test('the build has prepared the checks as they are now, expressions and all', () => {
  const built = JSON.parse(readFileSync(preparedPath(), 'utf8')) as Prepared;
  expect(built).toEqual(JSON.parse(JSON.stringify(prepareChecks(CHECKS))));
  expect(Object.keys(built.syntax).length).toBeGreaterThan(500);
});
