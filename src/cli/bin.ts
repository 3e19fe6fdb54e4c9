import { readableBy } from '../access.js';
import { EXIT } from '../errors.js';
import { main } from './main.js';
import { label, tellError, terminal } from './output.js';

/** What the executable does, and what only a process of its own may do: exit codes, pipes, faults that nobody caught. */
export async function start(argv: string[]): Promise<void> {
  readableBy('owner');
  let unwritten: Error | undefined;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // A reader that has seen enough (`| head`) is no fault; the work goes on.
      if (error.code !== 'EPIPE') unwritten = error;
    });
  }
  const fault = (error: unknown) => process.exit(tellError(error, terminal));
  process.on('uncaughtException', fault);
  process.on('unhandledRejection', fault);
  const code = await main(argv);
  if (unwritten) terminal.err(`${label('error', terminal)} what should be printed could not be: ${unwritten.message}`);
  process.exitCode = unwritten && code === EXIT.ok ? EXIT.output : code;
}
