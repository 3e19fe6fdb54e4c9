import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildProgram } from '../../ship/program.js';

/** A build of its own, so that a benchmark neither waits for `dist/` nor takes it from anybody. Types are another command's matter. */
export function build(cache: string): string {
  const root = resolve(cache, 'build');
  mkdirSync(root, { recursive: true });
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  execFileSync(
    process.execPath,
    ['node_modules/typescript/bin/tsc', '-p', 'src', '--noCheck', '--outDir', join(root, 'dist')],
    {
      stdio: 'inherit',
    },
  );
  // The last word on a flag is the one that counts.
  execFileSync('npm', ['run', '--silent', 'build:page', '--', `--outdir=${join(root, 'dist/report/page/client')}`], {
    stdio: 'inherit',
  });
  for (const name of ['checks', 'package.json']) {
    if (!existsSync(join(root, name))) symlinkSync(resolve(name), join(root, name));
  }
  cpSync('bin', join(root, 'bin'), { recursive: true });
  const prepare = pathToFileURL(join(root, 'dist/run/prepare-checks.js')).href;
  execFileSync(process.execPath, ['-e', `import('${prepare}').then((m) => m.writePrepared())`], { stdio: 'inherit' });
  buildProgram(root);
  return root;
}
