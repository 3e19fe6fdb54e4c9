import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** Head of a schema or a batch in JavaScript's own memory. Values do not count: they lie outside of it. */
const MEGABYTES = 96;
const SECONDS = 20;
const BYTES_PER_SECOND = 2_000_000;

/** Plain JavaScript, because a thread knows nothing of how this file was compiled. */
const LOOK = `
const { createReadStream } = require('node:fs');
const { open } = require('node:fs/promises');
const { parentPort, workerData } = require('node:worker_threads');
const { RecordBatchReader } = require(workerData.library);
(async () => {
  const handle = workerData.stream ? undefined : await open(workerData.path, 'r');
  const reader = await RecordBatchReader.from(handle ?? createReadStream(workerData.path));
  await reader.open();
  let batches = 0;
  for await (const batch of reader) batches += batch ? 1 : 0;
  await handle?.close();
  return batches;
})().then(
  () => parentPort.postMessage(''),
  (error) => parentPort.postMessage(String(error?.message ?? error) || 'it cannot be read'),
);
`;

/**
 * Looks a file through before it is read, in a thread whose memory and time are limited. A few wrong bytes in an Arrow file are
 * enough to make its head a list of two thousand million columns, or columns within columns without end, and the library
 * believes them until the whole process is out of memory.
 */
export function probeArrow(path: string, stream: boolean, bytes: number): Promise<void> {
  const library = createRequire(import.meta.url).resolve('apache-arrow');
  const seconds = SECONDS + bytes / BYTES_PER_SECOND;
  return new Promise((resolve, reject) => {
    const worker = new Worker(LOOK, {
      eval: true,
      workerData: { path, stream, library },
      resourceLimits: { maxOldGenerationSizeMb: MEGABYTES },
      // How this process was started is no matter of the thread's.
      execArgv: [],
      env: {},
    });
    const end = (fault?: string) => {
      clearTimeout(timer);
      void worker.terminate();
      if (fault) reject(new Error(fault));
      else resolve();
    };
    const timer = setTimeout(() => end(`it could not be looked through in ${Math.round(seconds)} s`), seconds * 1000);
    worker.on('message', (fault: string) => end(fault));
    worker.on('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'its head describes more than memory holds' : error.message),
    );
    worker.on('exit', () => end('it could not be looked through'));
  });
}
