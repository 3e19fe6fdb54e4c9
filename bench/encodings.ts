import { createReadStream, createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TextDecoderStream } from 'node:stream/web';
import { encodeGb18030 } from '../fixtures/generator/writers/gb18030.js';
import { stepOf } from './aims.js';
import { inChild } from './floor/in-child.js';
import { isUtf8 } from './floor/utf8.js';
import { bytesOf, filesOf } from './job/extracts.js';
import { fullJob } from './job/job.js';
import type { Measurement, ReadFloor } from './results.js';
import type { EngineSettings } from './settings.js';

/**
 * What an encoding costs: the CSV files of the extracts, all of them in one encoding, read by bidui and by DuckDB alone.
 * Parquet is left out, so that the two differ in nothing else.
 */
export async function encodingsOf(
  root: string,
  extracts: string,
  cache: string,
  engine: EngineSettings,
  say: (text: string) => void,
): Promise<NonNullable<Measurement['encodings']>> {
  const result: Partial<NonNullable<Measurement['encodings']>> = {};
  for (const encoding of ['utf8', 'gb18030'] as const) {
    say(`all CSV in ${encoding} …`);
    const dir = join(cache, `encoding-${encoding}`);
    try {
      await recode(extracts, dir, encoding);
      const job = await fullJob(root, dir, cache, engine);
      const read = await inChild<ReadFloor>('read', [dir, engine]);
      result[encoding] = { ingest: stepOf({ job } as Measurement, 'ingest')!, read: read.total, bytes: bytesOf(dir) };
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
  return result as NonNullable<Measurement['encodings']>;
}

async function recode(from: string, to: string, encoding: 'utf8' | 'gb18030'): Promise<void> {
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  for (const file of filesOf(from).filter((f) => extname(f) === '.csv')) {
    const decoder = new TextDecoderStream(isUtf8(file) ? 'utf-8' : 'gb18030');
    const text = Readable.fromWeb(Readable.toWeb(createReadStream(file)).pipeThrough(decoder));
    const target = createWriteStream(join(to, basename(file)));
    if (encoding === 'utf8') await pipeline(text, target);
    else await pipeline(text, inGb18030(), target);
  }
}

/** A chunk of decoded text never ends within a character. */
const inGb18030 = () =>
  new Transform({
    writableObjectMode: true,
    transform(chunk: string, _encoding, done) {
      done(null, encodeGb18030(String(chunk)));
    },
  });
