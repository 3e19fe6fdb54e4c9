import pLimit from 'p-limit';
import type { ReportModel } from './model.js';

/** What waits for the engine leaves the processor to what packs and writes; each holds a batch of its own. */
const AT_ONCE = 3;

/** Writes reports that do not need each other, each in a session of its own; answers in their order. */
export async function sideBySide<T>(
  m: ReportModel,
  reports: readonly ((own: ReportModel) => Promise<T>)[],
): Promise<T[]> {
  const limit = pLimit(AT_ONCE);
  const all = await Promise.allSettled(
    reports.map((write) =>
      limit(async () => {
        const session = await m.engine.session();
        try {
          return await write({ ...m, session });
        } finally {
          session.close();
        }
      }),
    ),
  );
  // All of them have ended before the first fault is told: nothing writes on behind it.
  return all.map((r) => {
    if (r.status === 'rejected') throw r.reason;
    return r.value;
  });
}
