import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';

/** A report as a spreadsheet program sees it: by column title, without the tab that it does not show. */
export function csvRows(dir: string, file: string): Record<string, string>[] {
  return parse(readFileSync(join(dir, file)), { bom: true, columns: true }) as Record<string, string>[];
}

// biome-ignore lint/suspicious/noExplicitAny: the shape of a JSON file is what tests are about
export const json = (dir: string, file: string): any => JSON.parse(readFileSync(join(dir, file), 'utf8'));
