import { readFileSync } from 'node:fs';
import { packagePath } from '../../config/package-path.js';
import { BiduiError, EXIT } from '../../errors.js';

/** The page's script and style, each one file made by `npm run build:page` from `client/`. */
export function pageAssets(): { script: string; style: string } {
  return { script: built('main.js'), style: built('main.css') };
}

function built(file: string): string {
  const path = packagePath('dist', 'report', 'page', 'client', file);
  try {
    return readFileSync(path, 'utf8').trimEnd();
  } catch {
    throw new BiduiError(EXIT.internal, [
      { what: `the report page was not built: ${path} is missing`, fix: 'run npm run build, or npm run build:page' },
    ]);
  }
}
