import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dirMode } from '../access.js';
import { shownPath } from '../config/pack.js';
import { packagePath } from '../config/package-path.js';
import { PROJECT_FILE } from '../config/project/file-name.js';
import { EXIT, outputError } from '../errors.js';
import type { Output } from './output.js';

/** Hold personal data, and what is made of it. */
const DIRECTORIES = ['extracts', 'state'];

/** A new park: everything that a first run needs but the extracts. Nothing that is there is touched. */
export async function initCommand(dir: string, output: Output): Promise<number> {
  const templates = packagePath('templates', 'park');
  const files = readdirSync(templates).sort();
  const there = files.filter((f) => existsSync(join(dir, f)));
  if (there.length > 0) {
    throw outputError({
      what: `${there.map((f) => join(dir, f)).join(', ')} ${there.length === 1 ? 'is' : 'are'} there already`,
      why: 'a project is begun once, and what was filled in would be lost',
      fix: 'give another directory, or move these files away',
    });
  }
  try {
    for (const d of DIRECTORIES) mkdirSync(join(dir, d), { recursive: true, mode: dirMode() });
    for (const f of files) writeFileSync(join(dir, f), readFileSync(join(templates, f)), { flag: 'wx' });
  } catch (error) {
    throw outputError({
      what: `no project can be written to ${dir}`,
      why: (error as Error).message,
      fix: 'give a directory that this user may write to',
    });
  }
  const project = shownPath(join(dir, PROJECT_FILE));
  const here = project === PROJECT_FILE;
  const at = here ? '' : ` --project ${project}`;
  output.out(
    [
      `已写入 Written: ${[...files, ...DIRECTORIES.map((d) => `${d}/`)].map((f) => (here ? f : join(dir, f))).join(', ')}`,
      `填写 ${project}，把各部门数据文件放入 ${here ? '' : `${dir}/`}extracts/，然后：`,
      `Fill in ${project}, put the departments' extracts into ${here ? '' : `${dir}/`}extracts/, then:`,
      '',
      `  bidui doctor${at} --as-of <YYYY-MM-DD>`,
      `  bidui run${at} --as-of <YYYY-MM-DD>`,
      `  bidui history${at}`,
    ].join('\n'),
  );
  return EXIT.ok;
}
