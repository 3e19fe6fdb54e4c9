import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packagePath } from '../../src/config/package-path.js';
import { digestOf, type Prepared, preparedPath } from '../../src/config/prepared.js';
import { YamlFile } from '../../src/config/yaml.js';
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

test('the build has prepared the checks as they are now, expressions and all', () => {
  const built = JSON.parse(readFileSync(preparedPath(), 'utf8')) as Prepared;
  expect(built).toEqual(JSON.parse(JSON.stringify(prepareChecks(CHECKS))));
  expect(Object.keys(built.syntax).length).toBeGreaterThan(500);
});
