interface Waiting {
  bytes: number;
  start: () => void;
}

/**
 * Memory that tasks side by side have to get by with. Each says how much it will take, and begins as soon as that is free: the first in
 * order that finds room, so that small ones fill what a large one leaves. One that would take more than there is has all of it to itself.
 */
export class SharedMemory {
  private taken = 0;
  private running = 0;
  private readonly waiting: Waiting[] = [];

  /** @param atOnce so many tasks at a time, whatever room there is. */
  constructor(
    private readonly bytes: number,
    private readonly atOnce: number,
  ) {}

  async use<R>(bytes: number, task: () => Promise<R>): Promise<R> {
    const own = Math.min(bytes, this.bytes);
    await new Promise<void>((start) => {
      this.waiting.push({ bytes: own, start });
      this.admit();
    });
    try {
      return await task();
    } finally {
      this.taken -= own;
      this.running -= 1;
      this.admit();
    }
  }

  private admit(): void {
    for (const next of [...this.waiting]) {
      if (this.running >= this.atOnce) return;
      if (this.taken + next.bytes > this.bytes) continue;
      this.waiting.splice(this.waiting.indexOf(next), 1);
      this.taken += next.bytes;
      this.running += 1;
      next.start();
    }
  }
}
