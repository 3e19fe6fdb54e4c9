import type { Dialect, Sql } from '../../engine/dialect.js';
import type { Session } from '../../engine/engine.js';
import { BiduiError, inputError } from '../../errors.js';
import { isBlank } from '../body-rows.js';
import { liveFile } from '../live-file.js';
import type { RawTable } from '../raw-table.js';
import { digestFile, type SourceFile } from '../source-bytes.js';

/**
 * A Parquet file as text: dates in ISO form, decimals plain, whole floating-point numbers without '.0'. It is not copied: its
 * table is a view, for the engine finds a column of the file much faster than it would write all of them down.
 */
export async function readParquet(session: Session, file: SourceFile, o: { table: string }): Promise<RawTable> {
  const d = session.dialect;
  const from = `read_parquet(${d.text(file.path)}, binary_as_string = true, file_row_number = true)`;
  try {
    const live = await liveFile(file);
    const described = await session.rows<{ column_name: string; column_type: string }>(
      `DESCRIBE SELECT * FROM ${from}`,
    );
    const columns = described.filter((c) => c.column_name !== 'file_row_number');
    const cells = columns.map((c) => asText(d.ident(c.column_name), c.column_type));
    const blank = isBlank(cells, d);
    // Touches every column, so that a damaged one is found here.
    const [found] = await session.rows<{ n: number; blank: number }>(
      `SELECT count(*) AS n, ${d.countIf(blank)} AS blank FROM ${from}`,
    );
    const blanks = Number(found?.blank ?? 0);
    await session.run(
      `CREATE VIEW ${o.table} AS SELECT file_row_number + 1 AS _row${cells.map((c, i) => `, ${c} AS c${i}`).join('')} FROM ${from}` +
        (blanks > 0 ? ` WHERE NOT ${blank}` : ''),
    );
    return {
      table: o.table,
      live,
      ...(blanks === 0 ? { different: await differentCells(session, file, from, columns) } : {}),
      headers: columns.map((c) => c.column_name),
      format: 'parquet',
      // Of the file as it is now, which the engine has read.
      ...(await digestFile({ path: file.path })),
      counts: { data: Number(found?.n ?? 0) - blanks, title: 0, header: 0, blank: blanks, footer: 0 },
      malformed: [],
      notes: [],
    };
  } catch (error) {
    await session.run(`DROP VIEW IF EXISTS ${o.table}`);
    if (error instanceof BiduiError) throw error;
    throw inputError({
      what: 'the Parquet file cannot be read',
      where: { file: file.name },
      why: await whyNot(file, error),
      fix: 'Transfer the file again and compare its size with the original.',
    });
  }
}

/** Where a file lists the different cells of a column by themselves, the engine need not look at each row to tell them. */
async function differentCells(
  session: Session,
  file: SourceFile,
  from: Sql,
  columns: readonly { column_name: string; column_type: string }[],
): Promise<RawTable['different']> {
  const d = session.dialect;
  const listed = await session.rows<{ name: string }>(
    `SELECT path_in_schema AS name FROM parquet_metadata(${d.text(file.path)}) GROUP BY 1 HAVING count(dictionary_page_offset) = count(*)`,
  );
  const names = new Set(listed.map((x) => x.name));
  const select = ({ column_name, column_type }: (typeof columns)[number], i: number) =>
    `SELECT ${asText('x', column_type)} AS c${i} FROM (SELECT DISTINCT ${d.ident(column_name)} AS x FROM ${from}) AS different`;
  return Object.fromEntries(
    columns.flatMap((c, i) => (names.has(c.column_name) ? [[`c${i}`, select(c, i)] as const] : [])),
  );
}

/** The rows of a Parquet file that bidui wrote, in their own types. */
export const parquetRows = (path: string, d: Dialect): Sql => `read_parquet(${d.text(path)})`;

export function asText(x: string, type: string): string {
  if (type === 'VARCHAR' || type.startsWith('ENUM')) return `nullif(CAST(${x} AS VARCHAR), '')`;
  if (type === 'DATE') return `strftime(${x}, '%Y-%m-%d')`;
  if (type.startsWith('TIMESTAMP')) {
    return `regexp_replace(strftime(CAST(${x} AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%f'), '( 00:00:00)?\\.0+$', '')`;
  }
  if (type === 'DOUBLE' || type === 'FLOAT') {
    // 1e15 and more stays in scientific notation, so that a credit code that became a number is not taken for one.
    return `CASE WHEN ${x} = trunc(${x}) AND abs(${x}) < 1e15 THEN CAST(CAST(${x} AS BIGINT) AS VARCHAR) ELSE upper(CAST(${x} AS VARCHAR)) END`;
  }
  if (/[[(]/.test(type) && !type.startsWith('DECIMAL')) return `CAST(to_json(${x}) AS VARCHAR)`;
  return `CAST(${x} AS VARCHAR)`;
}

async function whyNot(file: SourceFile, error: unknown): Promise<string> {
  const message = error instanceof Error ? error.message : String(error);
  if (/no magic bytes|too small|footer|metadata|EOF|read past/i.test(message))
    return 'its end is missing: the file was cut off';
  if (/encrypt/i.test(message)) return 'it is encrypted';
  return (message.split('\n')[0] ?? '').replaceAll(file.path, file.name).slice(0, 300);
}
