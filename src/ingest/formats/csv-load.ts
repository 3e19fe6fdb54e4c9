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
  const from =
    `read_csv(${d.text(o.path)}, ` +
    `columns = {${columns.join(', ')}}, auto_detect = false, header = false, encoding = 'utf-8', ` +
    `delim = ${d.text(o.dialect.delimiter)}, quote = ${d.text(o.dialect.quote)}, escape = ${d.text(o.dialect.quote)}, ` +
    `strict_mode = true, null_padding = ${padded}, max_line_size = ${LIMITS.recordBytes + 100_000})`;
  // A window over the read makes it single-threaded: for large files, numbering afterwards is much cheaper.
  if (!o.part && !(await isSmall(o.path))) return loadLarge(session, table, { from, wanted, numbered: o.numbered });
  const own = [o.numbered ? '_row' : 'row_number() OVER () AS _row', ...wanted].join(', ');
  const behind = o.part
    ? `SELECT * FROM (SELECT ${own} FROM ${from}) AS records WHERE _row > ${o.part.after}`
    : undefined;
  const [made] = await session.rows<{ Count: number }>(
    `CREATE TABLE ${table} AS ${behind ?? `SELECT ${own} FROM ${from}`}`,
  );
  return Number(made?.Count ?? 0);
}

/** Packing the cells takes longer than reading them from the file, and they are read again only a few times. */
async function loadLarge(
  session: Session,
  table: string,
  { from, wanted, numbered }: { from: string; wanted: readonly string[]; numbered: boolean },
): Promise<number> {
  const columns = wanted.map((c) => `${c} VARCHAR USING COMPRESSION uncompressed`);
  await session.run(`CREATE TABLE ${table} (${columns.join(', ')}, _row BIGINT)`);
  const own = [...wanted, ...(numbered ? ['_row'] : [])].join(', ');
  const loaded = await session.run(`INSERT INTO ${table} (${own}) SELECT ${own} FROM ${from}`).catch(async (error) => {
    await session.run(`DROP TABLE ${table}`);
    throw error;
  });
  if (!numbered) await session.run(`UPDATE ${table} SET _row = rowid + 1`);
  return loaded;
}

/** One thread has read it before another would have begun. */
const isSmall = async (path: string): Promise<boolean> => (await stat(path)).size < 4 * CHUNK_BYTES;
