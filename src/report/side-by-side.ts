import { inSessions } from '../engine/side-by-side.js';
import type { ReportModel } from './model.js';

/** What waits for the engine leaves the processor to what packs and writes; each holds a batch of its own. */
const AT_ONCE = 3;

/** Writes reports that do not need each other, each in a session of its own; answers in their order. */
export const sideBySide = <T>(m: ReportModel, reports: readonly ((own: ReportModel) => Promise<T>)[]): Promise<T[]> =>
  inSessions(m.engine, AT_ONCE, reports, (session, write) => write({ ...m, session }));
