import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../engine/engine.js';
import { BiduiError, EXIT, outputError } from '../errors.js';
import { anchorOf, setAnchor } from '../ledger/audit/anchor.js';
import type { Act, Details } from '../ledger/audit/entry.js';
import { append, auditPath, type Head, holds } from '../ledger/audit/log.js';
import { busyError, type Holder, isElsewhere, readHolder, SILENCE_MS, sayHeld } from '../ledger/holder.js';
import { ledgerFault, openLedger } from '../ledger/open.js';
import { fulfilled, promise } from '../ledger/publication.js';
import type { OutputDir } from '../report/output-dir.js';
import { heal, healedText } from './heal.js';
import { onInterrupt } from './interrupt.js';

export interface StateOptions {
  /** As whoever waits for it is told. */
  command: string;
  /** Seconds to wait for whoever has it. */
  wait?: number;
  warn?: (text: string) => void;
}

/** A reader is gone in a moment: nobody need be told of it. */
const READER_MS = 5_000;
const POLL_MS = 250;

/**
 * A ledger that this process alone has, to write to it. What a killed process left half done is finished first; whatever is
 * done is told in the audit log; and it is let go of however the process ends.
 */
export class State {
  private head: Head | undefined;

  private constructor(
    private readonly engine: Engine,
    private readonly path: string,
    /** Lets others have it: the note that says who has it is taken away. The lock itself goes with the engine. */
    readonly release: () => void,
  ) {}

  static async open(engine: Engine, shown: string, o: StateOptions): Promise<State> {
    const path = resolve(shown);
    await lock(engine, shown, o);
    const silence = sayHeld(path, o.command);
    const done = onInterrupt(silence);
    const state = new State(engine, path, () => {
      done();
      silence();
    });
    try {
      await state.examine(o.warn ?? (() => {}));
    } catch (error) {
      state.release();
      throw error;
    }
    return state;
  }

  /** Adds to the audit log, at once and without waiting: signal handlers may. */
  audit(act: Act, details: Details): void {
    try {
      this.head = append(this.path, act, details);
    } catch (error) {
      throw cannotAudit(this.path, error);
    }
  }

  /**
   * Writes a night down and puts its reports in their place. The ledger comes first, and in the same transaction promises the
   * reports, which lie finished beside their place: killed between the two, the next command that writes keeps the promise.
   * `write` answers false where there was nothing to write.
   */
  async publish(out: OutputDir, run: string, write: (also: () => Promise<void>) => Promise<boolean>): Promise<void> {
    const promised = await out.ready();
    const written = await write(async () => {
      await promise(this.engine, { run, ...promised });
      // From here on they are the ledger's: a fault in what follows must not take them away.
      out.keep();
    }).catch((error: unknown) => {
      out.unkeep();
      throw ledgerFault(this.path, error);
    });
    if (!written) return out.commit();
    out.commit();
    // They are where they belong. That the promise could not be taken back is found out by whoever comes next.
    await fulfilled(this.engine, run).catch(() => {});
  }

  /** The last thing: the ledger learns where the audit log ends. */
  async close(warn: (text: string) => void = () => {}): Promise<void> {
    try {
      if (this.head) await setAnchor(this.engine, this.head);
      await this.engine.run('CHECKPOINT ledger');
    } catch (error) {
      const said = error instanceof BiduiError ? error.problems[0]?.why : undefined;
      const [why] = (said ?? (error as Error).message).split('\n');
      warn(
        `the ledger ${this.path} could not be tidied up (${why}): nothing is lost, but make room on its disk, and leave ${this.path}.wal beside it until then`,
      );
    } finally {
      this.release();
    }
  }

  private async examine(warn: (text: string) => void): Promise<void> {
    const anchor = await anchorOf(this.engine);
    if (anchor && !holds(this.path, anchor)) {
      this.audit('broken', { knew: anchor });
      warn('the audit log does not hold what the ledger knows of it: `bidui audit verify` tells more');
    }
    for (const { publication, how, why } of await heal(this.engine)) {
      this.audit('healed', { run: publication.run, target: publication.target, how });
      warn(healedText(how, publication, why));
    }
  }
}

/** What is not in the log is not done. */
const cannotAudit = (state: string, error: unknown) =>
  outputError({
    what: `the audit log ${auditPath(state)} cannot be written`,
    why: (error as Error).message,
    fix: 'make room on that disk, or make the file writable; what would have been told there was not done',
  });

/** Waits for the kernel's lock on the file, then makes sure that no other machine is at it whose locks are not seen here. */
async function lock(engine: Engine, shown: string, o: StateOptions): Promise<void> {
  const path = resolve(shown);
  const start = performance.now();
  let told = false;
  for (;;) {
    try {
      await openLedger(engine, shown, 'write');
      const elsewhere = await livingElsewhere(path);
      if (!elsewhere) return;
      await engine.detach('ledger');
      throw busyError(shown, elsewhere);
    } catch (error) {
      if (!(error instanceof BiduiError) || error.exit !== EXIT.busy) throw error;
      const patience = Math.max((o.wait ?? 0) * 1000, readHolder(path) ? 0 : READER_MS);
      if (performance.now() - start >= patience) throw error;
      if (o.wait && !told) o.warn?.(`waiting: ${error.message}`);
      told = true;
      await sleep(POLL_MS);
    }
  }
}

/** By its beats, not by any clock: those of two machines need not agree. */
async function livingElsewhere(path: string): Promise<Holder | undefined> {
  const first = readHolder(path);
  if (!first || !isElsewhere(first)) return undefined;
  const start = performance.now();
  while (performance.now() - start < SILENCE_MS) {
    await sleep(POLL_MS);
    const now = readHolder(path);
    if (now && isElsewhere(now) && (now.beat !== first.beat || now.since !== first.since)) return now;
  }
  return undefined;
}
