import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const REQUIRE = `import { createRequire as requireFrom } from 'node:module';
const requireOwn = requireFrom(import.meta.url);
const require = (id) => (id === '@duckdb/node-bindings' ? requireFrom(requireOwn.resolve('@duckdb/node-api')) : requireOwn)(id);`;

/**
 * Makes `dist/program/` of the compiled modules and the packages that they import: what the executable loads. Six hundred
 * small files take longer to find and read than to run, and every start paid for it. Its files stand two levels below the
 * package's root, as modules do that look for other files of the package.
 */
export function buildProgram(root: string): void {
  const of = (file: string) => join(root, 'dist', file);
  rmSync(of('program'), { recursive: true, force: true });
  buildSync({
    entryPoints: {
      bin: of('cli/bin.js'),
      // A benchmark loads what the executable loads, one level further in.
      run: of('run/run.js'),
      'load-checks': of('run/load-checks.js'),
      formats: of('report/formats.js'),
    },
    outdir: of('program'),
    bundle: true,
    // A command loads its own part only.
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    charset: 'utf8',
    chunkNames: '[name]-[hash]',
    // The engine's binary has to be found where it was installed: beside the package that asks for it.
    external: ['@duckdb/node-bindings'],
    // For packages that are no ES modules.
    banner: { js: REQUIRE },
    logLevel: 'warning',
  });
}

if (resolve(process.argv[1] ?? '') === fileURLToPath(import.meta.url)) buildProgram('.');
