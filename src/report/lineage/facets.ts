/** Versions of the OpenLineage specification that these events are written by. */
const SPEC = 'https://openlineage.io/spec';
export const EVENT_SCHEMA = `${SPEC}/2-0-2/OpenLineage.json#/$defs/RunEvent`;

const FACETS = {
  NominalTimeRunFacet: '1-0-1',
  ProcessingEngineRunFacet: '1-1-1',
  JobTypeJobFacet: '2-0-4',
  DocumentationJobFacet: '1-1-0',
  SchemaDatasetFacet: '1-2-0',
  DatasetVersionDatasetFacet: '1-0-1',
  ColumnLineageDatasetFacet: '1-2-0',
  DataQualityMetricsInputDatasetFacet: '1-0-3',
  InputStatisticsInputDatasetFacet: '1-0-0',
  OutputStatisticsOutputDatasetFacet: '1-0-2',
} as const;

/** Makes facets, each with who made it and which schema it follows. */
export const facetsBy =
  (producer: string) =>
  (name: keyof typeof FACETS, content: object): object => ({
    _producer: producer,
    _schemaURL: `${SPEC}/facets/${FACETS[name]}/${name}.json#/$defs/${name}`,
    ...content,
  });

export type MakeFacet = ReturnType<typeof facetsBy>;
