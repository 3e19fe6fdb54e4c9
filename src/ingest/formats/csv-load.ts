import { stat } from 'node:fs/promises';
import type { Session } from '../../engine/engine.js';
import { CHUNK_BYTES, LIMITS } from '../limits.js';
import type { CsvDialect } from './csv-records.js';

export interface CsvLoad {
  path: string;
  dialect: CsvDialect;
  /** Cells of every record. */
  width: number;
  /** The file has a first column with the row number, as bidui's own spools have. */
  numbered: boolean;
  /** Records may have fewer cells. DuckDB cannot combine this with line ends inside quotes. */
  padded: boolean;
  /** Of a small file, what of it is wanted: the rows behind this one, and this many cells of each. */
  part?: { after: number; cells: number };
}

/** Reads a UTF-8 text into a table of `_row` and text columns; answers the number of records that are in it. */
export async function loadCsv(session: Session, table: string, o: CsvLoad): Promise<number> {
  const d = session.dialect;
  const cells = Array.from({ length: o.width }, (_, i) => `c${i}`);
  const columns = [...(o.numbered ? [`'_row': 'BIGINT'`] : []), ...cells.map((c) => `'${c}': 'VARCHAR'`)];
  // DuckDB keeps the blank lines of a file with one column, and drops those of others. A second column makes all alike.
  if (columns.length === 1) columns.push(`'nothing': 'VARCHAR'`);
  const padded = o.padded || o.width + (o.numbered ? 1 : 0) === 1;
  const wanted = o.part ? cells.slice(0, o.part.cells) : cells;
  // A window over the read makes it single-threaded: for large files, numbering afterwards is much cheaper.
  const numbered = o.numbered ? '_row' : o.part || (await isSmall(o.path)) ? 'row_number() OVER () AS _row' : undefined;
  const own = [...(numbered ? [numbered] : []), ...wanted].join(', ');
  const rows = o.part ? `SELECT * FROM (SELECT ${own} FROM` : `SELECT ${own} FROM`;
  const behind = o.part ? `) AS records WHERE _row > ${o.part.after}` : '';
  const [made] = await session.rows<{ Count: number }>(
    `CREATE TABLE ${table} AS ${rows} read_csv(${d.text(o.path)}, ` +
      `columns = {${columns.join(', ')}}, auto_detect = false, header = false, encoding = 'utf-8', ` +
      `delim = ${d.text(o.dialect.delimiter)}, quote = ${d.text(o.dialect.quote)}, escape = ${d.text(o.dialect.quote)}, ` +
      `strict_mode = true, null_padding = ${padded}, max_line_size = ${LIMITS.recordBytes + 100_000})${behind}`,
  );
  if (!numbered) {
    await session.run(`ALTER TABLE ${table} ADD COLUMN _row BIGINT`);
    await session.run(`UPDATE ${table} SET _row = rowid + 1`);
  }
  return Number(made?.Count ?? 0);
}

/** One thread has read it before another would have begun. */
const isSmall = async (path: string): Promise<boolean> => (await stat(path)).size < 4 * CHUNK_BYTES;
