import type { RunFacts } from '../compile/facts.js';
import { type Portion, portionsOf, portionViews } from '../compile/portions.js';
import type { Sql } from '../engine/dialect.js';
import { type Engine, MemoryLacking, type Session } from '../engine/engine.js';

/** Half of so many enterprises is no less work: what every portion does anew is most of it. */
const FEWEST = 20_000;

/**
 * The portions in which enterprises are judged, and the views they are read by: made when a portion is first asked for, and shared by the
 * frames that ask for the same one.
 */
export class Portions {
  private readonly made = new Map<string, Promise<void>>();

  /**
   * @param schema where the rows of the enterprises lie
   * @param last the last `_eid`
   */
  constructor(
    private readonly engine: Engine,
    private readonly sources: ReadonlySet<string>,
    private readonly facts: RunFacts,
    private readonly schema: string,
    private readonly last: number,
    private readonly fewest = FEWEST,
  ) {}

  /** So many portions, but none of few enterprises; `[undefined]` if it is one. */
  of(n: number): (Portion | undefined)[] {
    const most = Math.min(n, Math.ceil(this.last / this.fewest));
    return most > 1 ? portionsOf(0, this.last, most) : [undefined];
  }

  /**
   * Runs a statement for each of the portions, one after another. One for which memory turns out not to suffice is done in halves. Answers
   * the portions that it came to.
   */
  async run(
    session: Session,
    portions: readonly (Portion | undefined)[],
    sql: (portion?: Portion) => Sql,
  ): Promise<(Portion | undefined)[]> {
    const left = [...portions];
    const done: (Portion | undefined)[] = [];
    for (let next = left.splice(0, 1); next.length > 0; next = left.splice(0, 1)) {
      const [portion] = next;
      try {
        if (portion) await this.make(portion);
        await session.run(sql(portion));
        done.push(portion);
      } catch (error) {
        const halves = error instanceof MemoryLacking ? this.halvesOf(portion) : undefined;
        if (!halves) throw error;
        left.unshift(...halves);
      }
    }
    return done;
  }

  async drop(): Promise<void> {
    for (const name of this.made.keys()) await this.engine.run(`DROP SCHEMA ${name} CASCADE`);
    this.made.clear();
  }

  private halvesOf(portion: Portion | undefined): Portion[] | undefined {
    const { after, upTo } = portion ?? { after: 0, upTo: this.last };
    return upTo - after >= 2 * this.fewest ? portionsOf(after, upTo, 2) : undefined;
  }

  /** Makes the views of a portion, unless another frame has. */
  private make(portion: Portion): Promise<void> {
    const before = this.made.get(portion.schema);
    if (before) return before;
    const views = portionViews(portion, this.sources, this.facts, this.schema, this.engine.dialect);
    const made = (async () => {
      for (const view of views) await this.engine.run(view);
    })();
    this.made.set(portion.schema, made);
    return made;
  }
}
