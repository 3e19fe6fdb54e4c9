import { join } from 'node:path';
import { Ajv } from 'ajv';
import Ajv04 from 'ajv-draft-04';
import formats from 'ajv-formats';
import { expect, test } from 'vitest';
import { published, publishedSchemas } from '../schemas/published.js';
import { inProcess } from './bidui.js';
import { PERMITS_THEME, world } from './world.js';

/** A fault and a doubt, and words in them that mean something to those who read the formats. */
const broken = () =>
  world({
    checks: {
      'themes/permits.yaml': PERMITS_THEME.replace('permit.valid_to >= add_days', 'permit.valid_too >= add_days'),
      'params/params.yaml':
        'grace_days: { title: { zh: 宽限天数, en: Days of grace }, source: ours, type: int, value: 0 }\nunused_one: { title: { zh: 未用, en: Unused }, source: ours, type: int, value: 0 }\n',
    },
  });

const lint = async (format: string, w = broken()) => {
  const told = await inProcess(['checks', 'lint', '--checks', w.checks, '--format', format]);
  return { ...told, w };
};

interface Sarif {
  runs: {
    tool: { driver: { rules: { id: string }[] } };
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      locations?: {
        physicalLocation: { artifactLocation: { uri: string }; region?: { startLine: number; startColumn: number } };
      }[];
    }[];
  }[];
}

/** What bidui writes of SARIF 2.1.0, stricter than SARIF itself. */
const OURS = {
  type: 'object',
  required: ['$schema', 'version', 'runs'],
  additionalProperties: false,
  properties: {
    $schema: { type: 'string', format: 'uri' },
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      minItems: 1,
      maxItems: 1,
      items: {
        type: 'object',
        required: ['tool', 'results', 'columnKind'],
        additionalProperties: false,
        properties: {
          columnKind: { const: 'unicodeCodePoints' },
          tool: {
            type: 'object',
            required: ['driver'],
            properties: {
              driver: {
                type: 'object',
                required: ['name', 'version', 'rules'],
                properties: {
                  rules: {
                    type: 'array',
                    uniqueItems: true,
                    items: { type: 'object', required: ['id', 'shortDescription'] },
                  },
                },
              },
            },
          },
          results: {
            type: 'array',
            items: {
              type: 'object',
              required: ['ruleId', 'ruleIndex', 'level', 'message'],
              additionalProperties: false,
              properties: {
                ruleId: { type: 'string' },
                ruleIndex: { type: 'integer', minimum: 0 },
                level: { enum: ['error', 'warning'] },
                message: { type: 'object', required: ['text'], properties: { text: { type: 'string', minLength: 1 } } },
                locations: {
                  type: 'array',
                  minItems: 1,
                  maxItems: 1,
                  items: {
                    type: 'object',
                    required: ['physicalLocation'],
                    properties: {
                      physicalLocation: {
                        type: 'object',
                        required: ['artifactLocation'],
                        properties: {
                          artifactLocation: {
                            type: 'object',
                            required: ['uri'],
                            properties: { uri: { type: 'string', format: 'uri-reference' } },
                          },
                          region: {
                            type: 'object',
                            required: ['startLine'],
                            properties: {
                              startLine: { type: 'integer', minimum: 1 },
                              startColumn: { type: 'integer', minimum: 1 },
                            },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};

test('sarif: valid, each result with its rule and its place', async () => {
  const told = await lint('sarif');
  expect(told.code).toBe(2);
  const log = JSON.parse(told.out) as Sarif;
  const ajv = new Ajv({ allErrors: true });
  formats.default(ajv);
  const validate = ajv.compile(OURS);
  expect([validate(log), validate.errors]).toEqual([true, null]);
  const [run] = log.runs;
  for (const r of run!.results) expect(run!.tool.driver.rules[r.ruleIndex]!.id).toBe(r.ruleId);
  const [first] = run!.results.filter((r) => r.level === 'error');
  expect(first!.message.text).toContain("no field 'valid_too' in permit");
  const { artifactLocation, region } = first!.locations![0]!.physicalLocation;
  expect(artifactLocation.uri).toMatch(/themes\/permits\.yaml$/);
  expect(region).toEqual({ startLine: expect.any(Number), startColumn: expect.any(Number) });
  expect(run!.results.some((r) => r.level === 'warning')).toBe(true);
});

if (publishedSchemas)
  test('sarif: valid by the schema of OASIS', async () => {
    const ajv = new Ajv04.default({ strict: false, allErrors: true });
    formats.default(ajv as unknown as Ajv);
    const validate = ajv.compile(JSON.parse(published('sarif-schema-2.1.0.json')));
    for (const told of [
      await lint('sarif'),
      await lint('sarif', world()),
      await lint('sarif', { ...world(), checks: 'nowhere' }),
    ])
      expect([validate(JSON.parse(told.out)), validate.errors]).toEqual([true, null]);
    expect(validate({ version: '2.1.0' })).toBe(false);
  });

test('sarif: places below the working directory are relative, as a build server wants them, and names are encoded', async () => {
  const told = await inProcess(['checks', 'lint', '--format', 'sarif']);
  expect(told.code).toBe(0);
  for (const r of (JSON.parse(told.out) as Sarif).runs[0]!.results)
    expect(r.locations?.[0]?.physicalLocation.artifactLocation.uri ?? '').not.toMatch(/^(\/|file:|\.\.)/);
});

test('github: one annotation a line, what would end it escaped', async () => {
  const told = await lint('github');
  expect(told.code).toBe(2);
  const lines = told.out.trimEnd().split('\n');
  expect(lines.at(-1)).toMatch(/^0 themes|^\d+ themes, \d+ checks: \d+ errors, \d+ warnings$/);
  const error = lines.find((l) => l.startsWith('::error'))!;
  expect(error).toMatch(
    /^::error file=[^,:]*permits\.yaml,line=\d+,col=\d+,title=bidui checks lint::no field 'valid_too' in permit%0A/,
  );
  for (const l of lines.slice(0, -1)) expect(l).toMatch(/^::(error|warning) [^:]*::/);
});

test('json: the problems as they are', async () => {
  const told = await lint('json');
  const found = JSON.parse(told.out);
  expect(found.errors[0]).toMatchObject({
    what: expect.stringContaining('valid_too'),
    where: { file: join(told.w.checks, 'themes/permits.yaml'), line: expect.any(Number), column: expect.any(Number) },
  });
});
