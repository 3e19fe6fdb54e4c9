import { fork } from 'node:child_process';

/** Does a part of the floor in a child process, so that its memory is its own. */
export function inChild<T>(part: 'read' | 'hand' | 'typed', args: readonly unknown[]): Promise<T> {
  const child = fork('bench/floor/child.ts', [part, JSON.stringify(args)], {
    execArgv: ['--import', 'tsx'],
    stdio: 'inherit',
  });
  let answer: T | undefined;
  child.on('message', (m: { answer: T }) => {
    answer = m.answer;
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code, signal) => {
      if (code === 0) done(answer as T);
      else fail(new Error(`${part}: ended with ${code ?? signal}`));
    });
  });
}
