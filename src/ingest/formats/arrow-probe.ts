import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** Head of a schema or a batch in JavaScript's own memory. Values do not count: they lie outside of it. */
const MEGABYTES = 96;
const SECONDS = 20;
const BYTES_PER_SECOND = 2_000_000;
/** A thread that has nothing more to look through waits so long for the next file: to start one takes longer than most files. */
const IDLE_MS = 1000;

/** All of the library in one file, which loads in a fifth of the time. */
const LIBRARY = 'apache-arrow/Arrow.es2015.min';

/** Plain JavaScript, because a thread knows nothing of how this file was compiled. */
const LOOK = `
const { createReadStream } = require('node:fs');
const { open } = require('node:fs/promises');
const { parentPort, workerData } = require('node:worker_threads');
const { RecordBatchReader } = require(workerData.library);
const look = async ({ path, stream }) => {
  const handle = stream ? undefined : await open(path, 'r');
  try {
    const reader = await RecordBatchReader.from(handle ?? createReadStream(path));
    await reader.open();
    let batches = 0;
    for await (const batch of reader) batches += batch ? 1 : 0;
    return batches;
  } finally {
    await handle?.close();
  }
};
parentPort.on('message', (file) => look(file).then(
  () => parentPort.postMessage(''),
  (error) => parentPort.postMessage(String(error?.message ?? error) || 'it cannot be read'),
));
`;

/** A thread that looked a file through and may be asked for another. */
let idle: Worker | undefined;
let leaving: NodeJS.Timeout | undefined;
/** Ends when the files before are looked through. Never fails. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Looks a file through before it is read, in a thread whose memory and time are limited. A few wrong bytes in an Arrow file are
 * enough to make its head a list of two thousand million columns, or columns within columns without end, and the library
 * believes them until the whole process is out of memory. One file after another, so that what happens to the thread is told
 * of the right one; a thread that any of them harmed looks at no other.
 */
export function probeArrow(path: string, stream: boolean, bytes: number): Promise<void> {
  const own = turn.then(() => look(path, stream, bytes));
  turn = own.catch(() => {});
  return own;
}

function look(path: string, stream: boolean, bytes: number): Promise<void> {
  const seconds = SECONDS + bytes / BYTES_PER_SECOND;
  const worker = idle ?? newWorker();
  idle = undefined;
  clearTimeout(leaving);
  worker.ref();
  return new Promise((resolve, reject) => {
    const end = (fault?: string) => {
      clearTimeout(timer);
      worker.off('message', end).off('error', failed).off('exit', gone);
      if (fault) {
        void worker.terminate();
        reject(new Error(fault));
      } else {
        keep(worker);
        resolve();
      }
    };
    const failed = (error: NodeJS.ErrnoException) =>
      end(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'its head describes more than memory holds' : error.message);
    const gone = () => end('it could not be looked through');
    const timer = setTimeout(() => end(`it could not be looked through in ${Math.round(seconds)} s`), seconds * 1000);
    worker.on('message', end).on('error', failed).on('exit', gone);
    worker.postMessage({ path, stream });
  });
}

function newWorker(): Worker {
  const worker = new Worker(LOOK, {
    eval: true,
    workerData: { library: createRequire(import.meta.url).resolve(LIBRARY) },
    resourceLimits: { maxOldGenerationSizeMb: MEGABYTES },
    // How this process was started is no matter of the thread's.
    execArgv: [],
    env: {},
  });
  const forget = () => {
    if (idle === worker) idle = undefined;
  };
  // What becomes of it while nobody asks it anything is no matter of this process's.
  return worker.on('error', forget).on('exit', forget);
}

/** For the next file, if there is one soon. It keeps no process from ending. */
function keep(worker: Worker): void {
  idle = worker;
  worker.unref();
  leaving = setTimeout(() => {
    idle = undefined;
    void worker.terminate();
  }, IDLE_MS);
  leaving.unref();
}
