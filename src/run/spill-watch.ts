import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What comes and goes in between is not seen, and matters to nobody. */
const LOOK_MS = 250;

/** Sees how much lies in a directory that the engine spills into, while a run goes on. */
export class SpillWatch {
  private readonly timer: NodeJS.Timeout;
  private most = 0;

  constructor(private readonly dir: string) {
    this.timer = setInterval(() => this.look(), LOOK_MS).unref();
  }

  /** The most bytes that lay there at one time. */
  get peak(): number {
    this.look();
    return this.most;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    let names: string[];
    try {
      names = readdirSync(this.dir);
    } catch {
      return; // The engine makes it when it first needs it.
    }
    const bytes = names.reduce(
      (n, name) => n + (statSync(join(this.dir, name), { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
    this.most = Math.max(this.most, bytes);
  }
}
