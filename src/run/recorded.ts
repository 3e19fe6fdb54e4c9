import { randomBytes } from 'node:crypto';
import type { Engine } from '../engine/engine.js';
import { BiduiError } from '../errors.js';
import type { Details } from '../ledger/audit/entry.js';
import type { OutputDir } from '../report/output-dir.js';
import type { Observer } from './events.js';
import { onInterrupt } from './interrupt.js';
import { State } from './state.js';

/** Names one execution. Two over the same extracts are two of them, though their reports are the same. */
export function executionId(): string {
  const now = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  return `${now}-${randomBytes(2).toString('hex')}`;
}

export interface Execution {
  id: string;
  command: string;
  /** What the audit log says of it at its start. */
  details: Details;
  state?: string;
  /** Seconds to wait for whoever has the ledger. */
  wait?: number;
  unmasked?: boolean;
  /** Personal data that the masking policy shows, and to whom. */
  shownByPolicy?: readonly string[];
  observer?: Observer;
  /** Puts into words what the system said. */
  explain?: (error: unknown) => unknown;
}

/** Puts what is finished in its place; with a ledger, `write` writes the night down first. */
export type Publish = (write?: (also: () => Promise<void>) => Promise<boolean>) => Promise<void>;

/**
 * Does `work` with the ledger open, if there is one, and tells of it in the audit log when it begins and however it ends. A
 * start without an end is a process that was killed.
 */
export async function recorded<T>(
  engine: Engine,
  out: OutputDir,
  e: Execution,
  work: (publish: Publish) => Promise<T>,
  told: (result: T) => Details,
): Promise<T> {
  const publish: Publish = async () => out.commit();
  if (e.state === undefined) return work(publish);
  const warn = (text: string) => e.observer?.({ type: 'warning', text });
  const state = await State.open(engine, e.state, { command: e.command, wait: e.wait, warn });
  out.sweepUnpromised();
  const start = performance.now();
  const ended = (details: Details) =>
    state.audit('run_ended', { run: e.id, seconds: Math.round(performance.now() - start) / 1000, ...details });
  const done = onInterrupt(() => ended({ outcome: 'interrupted' }));
  try {
    begin(state, e);
    const result = await work((write) => (write ? state.publish(out, e.id, write) : publish()));
    quietly(() => ended({ outcome: 'ok', ...told(result) }), warn);
    return result;
  } catch (fault) {
    const error = e.explain?.(fault) ?? fault;
    quietly(() => ended(failure(error)), warn);
    throw error;
  } finally {
    done();
    await state.close(warn);
  }
}

function begin(state: State, e: Execution): void {
  state.audit('run', { run: e.id, command: e.command, ...e.details });
  if (e.unmasked) state.audit('unmasked', { run: e.id });
  if (e.shownByPolicy?.length) state.audit('unmasked', { run: e.id, by_policy: e.shownByPolicy });
}

/** What has been done stays done, whether it can be told of or not. */
function quietly(tell: () => void, warn: (text: string) => void): void {
  try {
    tell();
  } catch (error) {
    warn(`the end of this run could not be written into the audit log: ${(error as Error).message}`);
  }
}

const failure = (error: unknown): Details => ({
  outcome: 'failed',
  exit: error instanceof BiduiError ? error.exit : 70,
  problems:
    error instanceof BiduiError
      ? error.problems.slice(0, 20).map((p) => [p.what, p.why].filter(Boolean).join(': '))
      : [error instanceof Error ? error.message : String(error)],
});
