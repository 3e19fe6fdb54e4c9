import { spawn } from 'node:child_process';
import type { CommandHook } from '../../config/project/hooks.js';
import type { RunReport } from '../tally.js';
import { hookFacts } from './facts.js';

/** Enough of what a failing program says to know why. */
const HEARD = 300;

/** Starts a program and waits for it; throws what went wrong, in words. */
export function runCommandHook(hook: CommandHook, report: RunReport): Promise<void> {
  const [program = '', ...args] = hook.command;
  const facts = Object.entries(hookFacts(report)).map(([name, value]) => [`BIDUI_${name.toUpperCase()}`, value]);
  return new Promise((done, failed) => {
    // In a group of its own: whatever it started ends with it.
    const child = spawn(program, args, {
      env: { ...process.env, ...Object.fromEntries(facts) },
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: true,
    });
    let heard = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (heard.length < HEARD) heard += text.slice(0, HEARD);
    });
    // It need not read what it is given.
    child.stdin.on('error', () => {});
    child.stdin.end(`${JSON.stringify(report)}\n`);
    const timer = setTimeout(() => {
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL');
      } catch {
        child.kill('SIGKILL');
      }
      failed(new Error(`no end after ${hook.timeout} s; it was stopped`));
    }, hook.timeout * 1000);
    child.on('error', (error) => {
      clearTimeout(timer);
      failed(error);
    });
    child.on('exit', (code, signal) => {
      clearTimeout(timer);
      child.stderr.destroy();
      if (code === 0) done();
      else failed(new Error(`ended with ${signal ?? `exit code ${code}`}${heard.trim() ? `: ${heard.trim()}` : ''}`));
    });
  });
}
