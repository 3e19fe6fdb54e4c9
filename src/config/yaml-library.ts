import { createRequire } from 'node:module';

/** The YAML parser, loaded when there is something to parse: what the build has read beforehand needs none. */
export const yamlLibrary = (): typeof import('yaml') => createRequire(import.meta.url)('yaml');
