import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { syntaxRead } from '../checks/syntax.js';
import { packagePath } from '../config/package-path.js';
import { digestOf, type Prepared, preparedPath } from '../config/prepared.js';
import { filesChecked, textOf, YamlFile } from '../config/yaml.js';
import { loadChecks } from './load-checks.js';

/** Reads a checks directory, for what `config/prepared.ts` finds there. */
export function prepareChecks(dir: string): Prepared {
  loadChecks(dir);
  const yaml: Prepared['yaml'] = {};
  const names = readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => /\.ya?ml$/.test(name));
  for (const name of names.sort()) {
    const text = textOf(join(dir, name), name);
    const { data } = YamlFile.parse(text, name);
    const json = JSON.stringify(data);
    // What JSON cannot say is left to be read.
    if (isDeepStrictEqual(JSON.parse(json), data)) yaml[digestOf(text)] = json;
  }
  const checked: Prepared['checked'] = {};
  for (const [key, data] of filesChecked()) {
    const json = JSON.stringify(data);
    if (isDeepStrictEqual(JSON.parse(json), data)) checked[key] = json;
  }
  return { yaml, checked, syntax: Object.fromEntries(syntaxRead()) };
}

/** The last step of the build. */
export function writePrepared(): void {
  rmSync(preparedPath(), { force: true });
  writeFileSync(preparedPath(), JSON.stringify(prepareChecks(packagePath('checks'))));
}
