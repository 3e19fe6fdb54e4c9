import { maskPersonal, showAll } from '../../config/masking/treat.js';
import type { FileRecord } from '../../ingest/record.js';
import { MACHINE_COLUMNS } from '../machine/columns.js';
import type { ReportModel } from '../model.js';
import type { MakeFacet } from './facets.js';
import { columnReads, type Read, rowReads } from './reads.js';

const EXTRACTS = 'bidui:extracts';
const REFERENCE = 'bidui:reference';
const REPORTS = 'bidui:reports';

const namespaceOf = (m: ReportModel, f: FileRecord): string =>
  m.pack.contracts.get(f.source)?.kind === 'reference' ? REFERENCE : EXTRACTS;
/** A file below its source: two departments may call theirs the same. */
const nameOf = (f: FileRecord): string => `${f.source}/${f.name}`;
const idOf = (m: ReportModel, f: FileRecord) => ({ namespace: namespaceOf(m, f), name: nameOf(f) });

/** What a file is called: enough to say which files a run began with. */
export const inputNames = (m: ReportModel): object[] => m.record.files.map((f) => idOf(m, f));

/** Every file with its columns, its content's digest, and what could be read of it. */
export async function inputs(m: ReportModel, facet: MakeFacet): Promise<object[]> {
  const values = await valueCounts(m);
  return m.record.files.map((f, index) => {
    const fields = m.pack.contracts.get(f.source)?.fields ?? {};
    const read = [...new Set(f.headers.map((h) => h.field))].filter((id) => id in fields);
    const counts = values.get(index);
    const columnMetrics = Object.fromEntries(
      read.map((id) => {
        const count = counts?.get(id) ?? 0;
        return [id, { count, nullCount: f.counts.loaded - count }];
      }),
    );
    return {
      ...idOf(m, f),
      facets: {
        schema: facet('SchemaDatasetFacet', {
          fields: read.map((id, i) => ({
            name: id,
            type: fields[id]!.type,
            description: fields[id]!.title[m.lang],
            ordinal_position: i + 1,
          })),
        }),
        version: facet('DatasetVersionDatasetFacet', { datasetVersion: `sha256:${f.sha256}` }),
      },
      inputFacets: {
        inputStatistics: facet('InputStatisticsInputDatasetFacet', {
          rowCount: f.counts.data,
          size: f.bytes,
          fileCount: 1,
        }),
        // Of the rows that were let in; what was refused stands in quarantine.csv.
        dataQualityMetrics: facet('DataQualityMetricsInputDatasetFacet', {
          rowCount: f.counts.loaded,
          bytes: f.bytes,
          fileCount: 1,
          columnMetrics,
        }),
      },
    };
  });
}

/** Values that stand there and could be read, by file and field. */
async function valueCounts(m: ReportModel): Promise<Map<number, Map<string, number>>> {
  const d = m.session.dialect;
  const found = new Map<number, Map<string, number>>();
  for (const source of new Set(m.record.files.map((f) => f.source))) {
    const fields = Object.keys(m.pack.contracts.get(source)?.fields ?? {});
    const counts = fields.map((f, i) => `count(${d.ident(f)}) AS n${i}`);
    const rows = await m.session.rows<Record<string, number>>(
      `SELECT _file, ${counts.join(', ')} FROM src.${d.ident(source)} WHERE _file IS NOT NULL GROUP BY _file`,
    );
    for (const r of rows) found.set(Number(r._file), new Map(fields.map((f, i) => [f, Number(r[`n${i}`])])));
  }
  return found;
}

interface Field {
  id: string;
  type: string;
  title: string;
}

/** What the run says, as datasets: the anomalies with where each column comes from, the outcomes, the quarantine. */
export function outputs(m: ReportModel, facet: MakeFacet): object[] {
  const s = m.summary;
  const dataset = (name: string, fields: readonly Field[], rowCount: number, more: object = {}) => ({
    ...{ namespace: REPORTS, name },
    facets: {
      schema: facet('SchemaDatasetFacet', {
        fields: fields.map((f, i) => ({ name: f.id, type: f.type, description: f.title, ordinal_position: i + 1 })),
      }),
      ...more,
    },
    outputFacets: { outputStatistics: facet('OutputStatisticsOutputDatasetFacet', { rowCount }) },
  });
  const anomalies = MACHINE_COLUMNS.map((c) => ({ id: c.id, type: c.type, title: c.title[m.lang] }));
  const text = (id: string, title: string) => ({ id, type: 'text', title });
  const outcomes = [
    text('uscc', MACHINE_COLUMNS.find((c) => c.id === 'uscc')!.title[m.lang]),
    ...m.entries.map((e) => text(e.check_id, e.check_title)),
  ];
  return [
    dataset('anomalies', anomalies, s.anomalies, { columnLineage: facet('ColumnLineageDatasetFacet', lineage(m)) }),
    dataset('outcomes', outcomes, s.enterprises),
  ];
}

function lineage(m: ReportModel): object {
  const filesOf = (source: string) => m.record.files.filter((f) => f.source === source);
  const inputFields = (reads: readonly Read[]) =>
    reads.flatMap((r) => {
      const indirect = r.how === 'FILTER' || r.how === 'JOIN';
      // Of the column as the run-wide tables have it: not masked is what everybody who has them may see.
      const kind = m.pack.contracts.get(r.source)?.fields[r.field]?.personal;
      const treat = m.masking?.treat('tables') ?? (m.unmasked ? showAll : maskPersonal);
      const transformation = {
        ...{ type: indirect ? 'INDIRECT' : 'DIRECT', subtype: r.how },
        ...(indirect ? {} : { masking: treat({ source: r.source, field: r.field, kind }) !== 'show' }),
      };
      return filesOf(r.source)
        .filter((f) => f.headers.some((h) => h.field === r.field))
        .map((f) => ({ ...idOf(m, f), field: r.field, transformations: [transformation] }));
    });
  return {
    fields: Object.fromEntries(
      [...columnReads(m.checks)].map(([column, reads]) => [column, { inputFields: inputFields(reads) }]),
    ),
    dataset: inputFields(rowReads(m.checks)),
  };
}
