import { relative, resolve, sep } from 'node:path';
import type { Problem } from '../errors.js';
import type { LintResult } from '../run/lint.js';
import { version } from './version.js';

const RULES = {
  'checks/error': { level: 'error', text: 'A fault in the checks directory: no run accepts it.' },
  'checks/warning': { level: 'warning', text: 'Something doubtful in the checks directory: runs go on.' },
} as const;
type RuleId = keyof typeof RULES;

/** A SARIF 2.1.0 log: what code scanning and editors read. Places are relative to where the command was started. */
export function sarif({ errors, warnings }: LintResult): object {
  const ids = Object.keys(RULES) as RuleId[];
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'bidui',
            version: version(),
            rules: ids.map((id) => ({
              id,
              shortDescription: { text: RULES[id].text },
              defaultConfiguration: { level: RULES[id].level },
            })),
          },
        },
        columnKind: 'unicodeCodePoints',
        results: [
          ...errors.map((p) => result(p, 'checks/error', ids)),
          ...warnings.map((p) => result(p, 'checks/warning', ids)),
        ],
      },
    ],
  };
}

function result(p: Problem, ruleId: RuleId, ids: readonly RuleId[]): object {
  const { file, line, column } = p.where ?? {};
  const region =
    line === undefined ? undefined : { startLine: line, ...(column === undefined ? {} : { startColumn: column }) };
  return {
    ruleId,
    ruleIndex: ids.indexOf(ruleId),
    level: RULES[ruleId].level,
    message: { text: messageOf(p) },
    ...(file === undefined
      ? {}
      : {
          locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...(region ? { region } : {}) } }],
        }),
  };
}

export const messageOf = (p: Problem): string =>
  [p.what, ...(p.why ? [`why: ${p.why}`] : []), ...(p.fix ? [`fix: ${p.fix}`] : [])].join('\n');

/** As a build server knows the file: below the working directory, with slashes. */
export function pathBelow(file: string): string {
  const below = relative(process.cwd(), resolve(file));
  return (below.startsWith('..') ? resolve(file) : below).split(sep).join('/');
}

const uriOf = (file: string): string => {
  const path = pathBelow(file).split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${path}` : path;
};
