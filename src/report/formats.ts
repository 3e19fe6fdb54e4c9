import type { WriteReport } from './model.js';

/**
 * Reports besides the CSV files, which always come. Each loads what it needs when it is asked for. One that only some runs
 * need names itself here, and nowhere else.
 */
const FORMATS = {
  xlsx: async () => (await import('./workbook/write.js')).writeWorkbooks,
  parquet: async () => (await import('./machine/write.js')).writeParquet,
  arrow: async () => (await import('./machine/write.js')).writeArrow,
  ndjson: async () => (await import('./machine/write.js')).writeNdjson,
  html: async () => (await import('./page/write-page.js')).writeReportPage,
  json: async () => (await import('./write.js')).writeJsonTable,
  junit: async () => (await import('./ci/junit.js')).writeJunit,
  markdown: async () => (await import('./ci/markdown.js')).writeMarkdown,
  openlineage: async () => (await import('./lineage/write.js')).writeLineage,
} satisfies Record<string, () => Promise<WriteReport>>;

export type ReportFormat = keyof typeof FORMATS;

export const REPORT_FORMATS = Object.keys(FORMATS) as ReportFormat[];

/** What people look at comes without being asked for; what programs read does not. */
export const DEFAULT_FORMATS: readonly ReportFormat[] = ['xlsx', 'html'];

/** Whether any of these reports tells of columns that no check reads. */
export const readsAllColumns = (formats: readonly ReportFormat[]): boolean => formats.includes('openlineage');

/** What can be asked for: `csv` alone means nothing besides the CSV files. */
export const FORMAT_NAMES = [...REPORT_FORMATS, 'csv'] as const;

export const formatsOf = (names: readonly (typeof FORMAT_NAMES)[number][] | undefined): ReportFormat[] =>
  (names ?? DEFAULT_FORMATS).filter((f) => f !== 'csv');

export const writerOf = (format: ReportFormat): Promise<WriteReport> => FORMATS[format]();
