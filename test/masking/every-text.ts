import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { tableFromIPC } from 'apache-arrow';
import { DuckDb } from '../../src/engine/duckdb/database.js';
import { dump } from '../ledger/dump.js';
import { embedded } from '../report/page/embedded.js';
import { parts } from '../report/workbook/read.js';

/** Everything that can be read in a file, by whoever unpacks it, and its bytes as they lie there. */
async function textOf(path: string): Promise<string> {
  const bytes = readFileSync(path);
  const plain = bytes.toString('utf8');
  if (path.endsWith('.xlsx')) return [...(await parts(path)).values()].join('\n');
  if (path.endsWith('.gz')) return gunzipSync(bytes).toString('utf8');
  if (path.endsWith('.html') && plain.includes('data-part="head"')) return `${plain}\n${embedded(path).text}`;
  if (path.endsWith('.arrow')) return `${plain}\n${JSON.stringify(tableFromIPC(bytes).toArray(), numbers)}`;
  if (path.endsWith('.parquet')) return `${plain}\n${await parquet(path)}`;
  if (path.endsWith('.duckdb')) return `${plain}\n${JSON.stringify(await dump(path), numbers)}`;
  return plain;
}

async function parquet(path: string): Promise<string> {
  const db = await DuckDb.open();
  try {
    return JSON.stringify(await db.rows(`SELECT * FROM read_parquet('${path}')`), numbers);
  } finally {
    db.close();
  }
}

const numbers = (_: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);

/** All files below a directory, hidden ones too, with what can be read in them. */
export async function everyText(dir: string): Promise<Map<string, string>> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  const texts = new Map<string, string>();
  for (const e of files) {
    const path = join(e.parentPath, e.name);
    texts.set(path.slice(dir.length + 1), await textOf(path));
  }
  return texts;
}

/** The files that hold a value, in the order of their names. */
export const holding = (texts: ReadonlyMap<string, string>, value: string): string[] =>
  [...texts].flatMap(([file, text]) => (text.includes(value) ? [file] : [])).sort();
