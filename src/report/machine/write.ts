import { join } from 'node:path';
import type { ReportModel, WriteReport } from '../model.js';
import { writeJson } from '../write.js';
import { MACHINE_COLUMNS, SCHEMA_VERSION, VERSION_KEY } from './columns.js';
import { anomalySchema } from './schema.js';
import { MACHINE_TABLE, machineTable } from './table.js';

/** Nothing that differs between two runs over the same extracts. */
const metadata = (m: ReportModel): Record<string, string> => ({
  [VERSION_KEY]: SCHEMA_VERSION,
  'bidui.version': m.version,
  'bidui.as_of': m.summary.as_of,
  'bidui.lang': m.lang,
});

const columnList = (m: ReportModel) => MACHINE_COLUMNS.map((c) => m.session.dialect.ident(c.id)).join(', ');

export const writeParquet: WriteReport = async (m) => {
  await machineTable(m);
  const select = `SELECT ${columnList(m)} FROM ${MACHINE_TABLE} ORDER BY _order`;
  await m.session.writeParquet(select, join(m.dir, 'anomalies.parquet'), metadata(m));
  return ['anomalies.parquet'];
};

export const writeArrow: WriteReport = async (m) => {
  await machineTable(m);
  const { writeArrow: write } = await import('./arrow.js');
  await write(m.session, MACHINE_COLUMNS, MACHINE_TABLE, join(m.dir, 'anomalies.arrow'), metadata(m));
  return ['anomalies.arrow'];
};

/** One anomaly a line, and the schema of a line beside it: a stream of rows has no head to put a version into. */
export const writeNdjson: WriteReport = async (m) => {
  await machineTable(m);
  const d = m.session.dialect;
  const row = d.json(d.struct(Object.fromEntries(MACHINE_COLUMNS.map((c) => [c.id, d.ident(c.id)]))));
  await m.session.writeLines(
    `SELECT ${row} AS line FROM ${MACHINE_TABLE} ORDER BY _order`,
    join(m.dir, 'anomalies.ndjson'),
  );
  return ['anomalies.ndjson', writeJson(m.dir, 'anomalies.schema.json', anomalySchema())];
};
