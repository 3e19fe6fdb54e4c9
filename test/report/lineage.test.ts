import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { beforeAll, describe, expect, test } from 'vitest';
import { MACHINE_COLUMNS } from '../../src/report/machine/columns.js';
import { inProcess, runOf } from '../cli/bidui.js';
import { type World, world } from '../cli/world.js';
import { published, publishedNames, publishedSchemas } from '../schemas/published.js';
import { json } from './read.js';

interface Dataset {
  namespace: string;
  name: string;
  // biome-ignore lint/suspicious/noExplicitAny: the shape of a JSON file is what tests are about
  facets: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  inputFacets?: any;
  // biome-ignore lint/suspicious/noExplicitAny: as above
  outputFacets?: any;
}
interface Event {
  eventType: string;
  eventTime: string;
  run: { runId: string };
  inputs: Dataset[];
  outputs: Dataset[];
}

const FACET = {
  type: 'object',
  required: ['_producer', '_schemaURL'],
  properties: { _producer: { type: 'string', format: 'uri' }, _schemaURL: { type: 'string', format: 'uri' } },
};
const FACETS = { type: 'object', additionalProperties: FACET };
const DATASET = {
  type: 'object',
  required: ['namespace', 'name'],
  additionalProperties: false,
  properties: {
    namespace: { type: 'string', minLength: 1 },
    name: { type: 'string', minLength: 1 },
    facets: FACETS,
    inputFacets: FACETS,
    outputFacets: FACETS,
  },
};
/** What bidui writes of an OpenLineage run event. */
const OURS = {
  type: 'object',
  required: ['eventTime', 'producer', 'schemaURL', 'eventType', 'run', 'job', 'inputs', 'outputs'],
  additionalProperties: false,
  properties: {
    eventTime: { type: 'string', format: 'date-time' },
    producer: { type: 'string', format: 'uri' },
    schemaURL: { type: 'string', format: 'uri' },
    eventType: { enum: ['START', 'COMPLETE'] },
    run: {
      type: 'object',
      required: ['runId', 'facets'],
      properties: { runId: { type: 'string', format: 'uuid' }, facets: FACETS },
    },
    job: {
      type: 'object',
      required: ['namespace', 'name', 'facets'],
      properties: { namespace: { type: 'string' }, name: { type: 'string' }, facets: FACETS },
    },
    inputs: { type: 'array', items: DATASET },
    outputs: { type: 'array', items: DATASET },
  },
};

const events = (w: World): Event[] =>
  readFileSync(join(w.out, 'openlineage.ndjson'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((l) => JSON.parse(l) as Event);

const ajv = () => {
  const a = new Ajv2020({ strict: false, allErrors: true });
  formats.default(a);
  return a;
};

let w: World;
let complete: Event;
beforeAll(async () => {
  w = world();
  expect((await inProcess(runOf(w, '--format', 'openlineage'))).code).toBe(0);
  complete = events(w)[1]!;
});

test('two events of one run, each valid', () => {
  const [start, end] = events(w) as [Event, Event];
  const validate = ajv().compile(OURS);
  for (const e of [start, end]) expect([validate(e), validate.errors]).toEqual([true, null]);
  expect([start.eventType, end.eventType]).toEqual(['START', 'COMPLETE']);
  expect(start.run.runId).toBe(end.run.runId);
  expect(start.inputs.map((i) => i.name)).toEqual(end.inputs.map((i) => i.name));
});

if (publishedSchemas)
  describe('by the schemas of OpenLineage', () => {
    const all = ajv();
    const facets = new Map<string, ValidateFunction>();
    beforeAll(() => {
      const schemas = publishedNames('openlineage').map(
        (n) => JSON.parse(published(`openlineage/${n}`)) as { $id: string },
      );
      for (const s of schemas) if (!all.getSchema(s.$id)) all.addSchema(s);
      for (const s of schemas) facets.set(s.$id, all.getSchema(s.$id) as ValidateFunction);
    });

    test('events are valid', () => {
      const [id] = [...facets.keys()].filter((k) => k.endsWith('/OpenLineage.json'));
      const validate = facets.get(id!)!;
      for (const e of events(w)) {
        expect([validate(e), validate.errors]).toEqual([true, null]);
        expect((e as unknown as { schemaURL: string }).schemaURL.startsWith(id!)).toBe(true);
      }
      expect(validate({ ...complete, run: {} })).toBe(false);
    });

    test('and so is each facet, by the very version that it names', () => {
      const seen = new Set<string>();
      const check = (key: string, facet: { _schemaURL: string }) => {
        const id = facet._schemaURL.split('#')[0]!;
        const validate = facets.get(id);
        expect(validate, id).toBeDefined();
        expect([validate!({ [key]: facet }), validate!.errors]).toEqual([true, null]);
        seen.add(key);
      };
      const walk = (x: unknown) => {
        if (typeof x !== 'object' || x === null) return;
        for (const [key, value] of Object.entries(x)) {
          if (typeof value === 'object' && value !== null && '_schemaURL' in value)
            check(key, value as { _schemaURL: string });
          walk(value);
        }
      };
      for (const e of events(w)) walk(e);
      expect([...seen].sort()).toEqual([
        'columnLineage',
        'dataQualityMetrics',
        'documentation',
        'inputStatistics',
        'jobType',
        'nominalTime',
        'outputStatistics',
        'processing_engine',
        'schema',
        'version',
      ]);
    });
  });

test('the inputs are the files of run.json, with what was read of each', () => {
  const { files } = json(w.out, 'run.json');
  expect(complete.inputs).toHaveLength(files.length);
  for (const f of files) {
    const input = complete.inputs.find((i) => i.name === `${f.source}/${f.name}`)!;
    expect(input.facets.version.datasetVersion).toBe(`sha256:${f.sha256}`);
    expect(input.inputFacets.inputStatistics).toMatchObject({ rowCount: f.counts.data, size: f.bytes });
    expect(input.inputFacets.dataQualityMetrics.rowCount).toBe(f.counts.loaded);
  }
  const registry = complete.inputs.find((i) => i.name.startsWith('enterprise/'))!;
  // 2026-02-30 is no day: quarantined, and so not there.
  expect(registry.inputFacets.dataQualityMetrics.columnMetrics.founded_on).toEqual({ count: 2, nullCount: 1 });
  expect(registry.facets.schema.fields[0]).toEqual({
    ...{ name: 'uscc', type: 'uscc', description: '统一社会信用代码', ordinal_position: 1 },
  });
});

test('the anomalies say where each column comes from, and that what is personal was masked', () => {
  const anomalies = complete.outputs.find((o) => o.name === 'anomalies')!;
  const { anomalies: told } = json(w.out, 'summary.json');
  expect(anomalies.outputFacets.outputStatistics.rowCount).toBe(told);
  expect(anomalies.facets.schema.fields.map((f: { name: string }) => f.name)).toEqual(MACHINE_COLUMNS.map((c) => c.id));
  const { fields, dataset } = anomalies.facets.columnLineage;
  expect(fields.a_value.inputFields).toContainEqual({
    ...{ namespace: 'bidui:extracts', name: 'permit/许可证.csv', field: 'valid_to' },
    transformations: [{ type: 'DIRECT', subtype: 'TRANSFORMATION', masking: false }],
  });
  expect(fields.a_value.inputFields).toContainEqual({
    ...{ namespace: 'bidui:extracts', name: 'staff/人员.csv', field: 'id_no' },
    transformations: [{ type: 'DIRECT', subtype: 'TRANSFORMATION', masking: true }],
  });
  expect(dataset).toContainEqual(
    expect.objectContaining({ field: 'left_on', transformations: [{ type: 'INDIRECT', subtype: 'FILTER' }] }),
  );
});

test('the same run has the same id and the same bytes, another extract another id', async () => {
  const bytes = (x: World) =>
    createHash('sha256')
      .update(readFileSync(join(x.out, 'openlineage.ndjson')))
      .digest('hex');
  const again = world();
  await inProcess(runOf(again, '--format', 'openlineage'));
  expect(bytes(again)).toBe(bytes(w));
  const other = world({ extracts: { '人员.csv': null } });
  await inProcess(runOf(other, '--format', 'openlineage'));
  expect(events(other)[0]!.run.runId).not.toBe(complete.run.runId);
  const nextDay = world();
  await inProcess(runOf(nextDay, '--format', 'openlineage', '--as-of', '2026-08-01'));
  expect(events(nextDay)[0]!.run.runId).not.toBe(complete.run.runId);
});
