import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { engineVersion } from '../../engine/duckdb/database.js';
import type { WriteReport } from '../model.js';
import { inputNames, inputs, outputs } from './datasets.js';
import { EVENT_SCHEMA, facetsBy } from './facets.js';

/**
 * openlineage.ndjson: a START and a COMPLETE event, a line each, ready to be sent to a lineage server. Both bear the as-of day at
 * midnight UTC, not the clock: the same run gives the same file. When it really ran stands in run.json under `machine`.
 */
export const writeLineage: WriteReport = async (m) => {
  const producer = `urn:bidui:${m.version}`;
  const facet = facetsBy(producer);
  const eventTime = `${m.summary.as_of}T00:00:00Z`;
  const [name, version] = (await engineVersion()).split(' ') as [string, string];
  const event = (eventType: 'START' | 'COMPLETE', data: object) => ({
    ...{ eventTime, producer, schemaURL: EVENT_SCHEMA, eventType },
    run: {
      runId: m.runId,
      facets: {
        nominalTime: facet('NominalTimeRunFacet', { nominalStartTime: eventTime }),
        processing_engine: facet('ProcessingEngineRunFacet', { name, version, openlineageAdapterVersion: m.version }),
      },
    },
    job: {
      namespace: 'bidui',
      name: 'run',
      facets: {
        jobType: facet('JobTypeJobFacet', { processingType: 'BATCH', integration: 'BIDUI', jobType: 'JOB' }),
        documentation: facet('DocumentationJobFacet', {
          description: 'Compares what departments know about enterprises and reports where it contradicts itself.',
        }),
      },
    },
    ...data,
  });
  const lines = [
    event('START', { inputs: inputNames(m), outputs: [] }),
    event('COMPLETE', { inputs: await inputs(m, facet), outputs: outputs(m, facet) }),
  ];
  writeFileSync(join(m.dir, 'openlineage.ndjson'), `${lines.map((l) => JSON.stringify(l)).join('\n')}\n`);
  return ['openlineage.ndjson'];
};
