import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AS_OF } from '../settings.js';

const FOLDER = 'bench/sql';

/** Days and years that the queries speak of, all of them told by the day of the run. */
function moments(asOf: string): Record<string, string> {
  const [year, month] = asOf.split('-').map(Number) as [number, number];
  const day = (y: number, m: number, d: number) =>
    `DATE '${new Date(Date.UTC(y, m - 1, d)).toISOString().slice(0, 10)}'`;
  return {
    as_of: `DATE '${asOf}'`,
    year: `${year}`,
    last_year: `${year - 1}`,
    year_start: day(year, 1, 1),
    last_year_start: day(year - 1, 1, 1),
    last_december: day(year - 1, 12, 1),
    last_year_end: day(year, 1, 0),
    report_due: day(year, 7, 0),
    month: day(year, month, 1),
    last_month: day(year, month - 1, 1),
  };
}

export interface ThemeSql {
  theme: string;
  sql: string;
}

/** One query per theme: rows (check_id, _eid, about). */
export function themeQueries(): ThemeSql[] {
  return readdirSync(FOLDER)
    .filter((f) => f.endsWith('.sql'))
    .sort()
    .map((f) => ({ theme: basename(f, '.sql'), sql: dated(readFileSync(join(FOLDER, f), 'utf8')) }));
}

function dated(sql: string): string {
  const values = moments(AS_OF);
  return sql.replace(/(?<!:):([a-z_]+)\b/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`bench/sql: no moment ':${name}'`);
    return value;
  });
}

/** Without the parts marked `-- [domain` … `-- domain]`, which call functions that only bidui has. */
export const withoutDomain = (sql: string): string => sql.replace(/^-- \[domain\n[\s\S]*?^-- domain\]\n/gm, '');
