import { readFileSync } from 'node:fs';
import { packagePath } from '../config/package-path.js';

export const version = (): string =>
  (JSON.parse(readFileSync(packagePath('package.json'), 'utf8')) as { version: string }).version;
