import type { Bilingual } from '../../config/text.js';
import type { Sql } from '../../engine/dialect.js';

/** What a page is about: all of a run, or a part of it, such as what concerns one department. */
export interface PageScope {
  /** Below the directory of the reports. */
  file: string;
  /** Over `report.anomalies`. */
  where: Sql;
  /** Of these checks only, if it is confined; its name stands at the top. */
  confined?: { title: Bilingual; checks: ReadonlySet<string> };
}

export const WHOLE_RUN: PageScope = { file: 'report.html', where: 'TRUE' };
