import type { Audience } from '../../config/masking/policy.js';
import type { Bilingual } from '../../config/text.js';
import type { Sql } from '../../engine/dialect.js';
import { named } from '../file-names.js';
import type { ReportModel } from '../model.js';

/** What a page is about: all of a run, or a part of it, such as what concerns one department. */
export interface PageScope {
  /** Below the directory of the reports. */
  file: string;
  audience: Audience;
  /** Over the anomalies of that audience. */
  where: Sql;
  /** Of these checks only, if it is confined; its name stands at the top. */
  confined?: { title: Bilingual; checks: ReadonlySet<string> };
}

export const WHOLE_RUN: PageScope = { file: 'report.html', audience: 'page', where: 'TRUE' };

/** A page for each department: its checks, and its work list without what is suppressed. */
export const departmentPages = (m: ReportModel): PageScope[] =>
  named(m.departments).map(({ id, name }) => ({
    file: `by-department/${name}.html`,
    audience: `department:${id}`,
    where: `_department = ${m.session.dialect.text(id)} AND NOT _suppressed`,
    confined: {
      title: m.pack.vocabulary.departments[id]!,
      checks: new Set(m.entries.filter((e) => e.department_id === id).map((e) => e.check_id)),
    },
  }));
