import { MACHINE_COLUMNS, type MachineType, SCHEMA_VERSION } from './columns.js';

const TYPES: Record<MachineType, object> = {
  text: { type: 'string' },
  date: { type: 'string', format: 'date' },
  int: { type: 'integer' },
  bool: { type: 'boolean' },
};

/** JSON Schema of one line of anomalies.ndjson. Every key stands in every row; where there is nothing to say it is null. */
export function anomalySchema(): object {
  const of = (c: (typeof MACHINE_COLUMNS)[number]) => {
    const description = `${c.title.zh} · ${c.title.en}`;
    if (c.always) return { ...TYPES[c.type], description };
    return { anyOf: [TYPES[c.type], { type: 'null' }], description };
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:bidui:schema:anomaly:${SCHEMA_VERSION}`,
    title: 'One anomaly: a line of anomalies.ndjson, a row of anomalies.parquet and anomalies.arrow',
    'x-bidui-schema-version': SCHEMA_VERSION,
    type: 'object',
    properties: Object.fromEntries(MACHINE_COLUMNS.map((c) => [c.id, of(c)])),
    required: MACHINE_COLUMNS.map((c) => c.id),
    additionalProperties: true,
  };
}
