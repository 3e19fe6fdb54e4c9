import type { WriteReport } from './model.js';

/**
 * Reports besides the CSV files, which always come. Each loads what it needs when it is asked for. One that only some runs
 * need names itself here, and nowhere else.
 */
const FORMATS = {
  parquet: async () => (await import('./write.js')).writeTable('parquet'),
  arrow: async () => (await import('./write.js')).writeTable('arrow'),
  json: async () => (await import('./write.js')).writeTable('json'),
} satisfies Record<string, () => Promise<WriteReport>>;

export type ReportFormat = keyof typeof FORMATS;

export const REPORT_FORMATS = Object.keys(FORMATS) as ReportFormat[];

export const writerOf = (format: ReportFormat): Promise<WriteReport> => FORMATS[format]();
