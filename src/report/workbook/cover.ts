import type { Lang } from '../../config/text.js';
import { FEEDBACK, STATES } from '../../ledger/words.js';
import type { ReportModel } from '../model.js';
import type { Outcomes } from '../summary.js';
import type { Sheet } from '../xlsx/package.js';
import { quoteSheet } from '../xlsx/xml.js';
import { type Counted, total } from './counts.js';
import { CoverRows } from './cover-rows.js';
import { COVER_WORDS, type CoverWords, MEANINGS } from './cover-words.js';
import { type Looks, TABS } from './looks.js';

export interface CoverTheme extends Outcomes {
  id: string;
  title: string;
  checks: number;
  /** The sheets that hold its anomalies: more than one if they are too many for one. */
  sheets: readonly string[];
}

export interface Cover {
  model: ReportModel;
  looks: Looks;
  name: string;
  title: string;
  counted: readonly Counted[];
  themes: readonly CoverTheme[];
  /** The department whose work list it is; else the workbook is that of the run. */
  department?: { id: string; name: string };
  /** How the file is called, for the command that reads it back. */
  file: string;
}

/** The first sheet: what there is, how to fill it in, how to send it back. Answers also where its list of words stands. */
export function coverSheet(c: Cover): { sheet: Sheet; words: string } {
  const { lang } = c.model;
  const say = COVER_WORDS[lang];
  const rows = new CoverRows(c.looks, [2, 30, ...Array.from({ length: 9 }, () => 11)]);
  head(c, rows, say);
  themes(c, rows, say);
  if (!c.department) byDepartment(c, rows, say);
  if (c.model.followed) byState(c, rows, say, lang);
  const words = howTo(c, rows, say, lang);
  if (!c.department) sources(c, rows, say);
  return {
    sheet: {
      name: c.name,
      look: {
        widths: rows.widths,
        tab: TABS.cover,
        gridLines: false,
        portrait: true,
        merges: rows.merges,
        breaks: rows.breaks,
        links: rows.links.map((l) => ({ cell: l.cell, to: `${quoteSheet(l.sheet)}!A1`, tip: l.sheet })),
        footer: '&R&P / &N',
      },
      rows: () => rows.rows,
      printColumns: rows.widths.length,
    },
    words: `${quoteSheet(c.name)}!$B$${words.first}:$B$${words.last}`,
  };
}

function head(c: Cover, rows: CoverRows, say: CoverWords): void {
  const { summary: s } = c.model;
  rows.gap(6);
  rows.wide(c.title, c.looks.title, 18);
  rows.wide(say.asOf(s.as_of, s.enterprises, s.checks), c.looks.subtitle, 11);
  rows.wide(
    c.department ? say.found(total(c.counted)) : say.foundAt(total(c.counted), s.enterprises_anomalous),
    c.looks.subtitle,
    11,
  );
  rows.wide(say.leads, c.looks.subtitle, 11);
}

const severitiesOf = ({ model: { summary } }: Cover) =>
  summary.by_severity.map((x) => ({ id: x.severity, title: x.title }));

const ofSeverity = ({ looks }: Cover, id: string, n: number) => ({ cell: n, style: looks.severityNumber(id, n) });

function themes(c: Cover, rows: CoverRows, say: CoverWords): void {
  const { looks } = c;
  const severities = severitiesOf(c);
  section(c, rows, c.department ? say.themesOf(c.department.name) : say.themes);
  header(c, rows, [
    say.theme,
    say.checks,
    ...[say.consistent, say.anomaly, say.notComparable, say.notApplicable],
    say.anomalies,
    ...severities.map((x) => x.title),
  ]);
  const number = (n: number) => ({ cell: n, style: looks.number });
  for (const t of c.themes) {
    rows.table([
      { cell: t.title, style: looks.link, link: t.sheets[0] },
      ...[t.checks, t.consistent, t.anomaly, t.not_comparable, t.not_applicable].map(number),
      { cell: total(c.counted, { theme: t.id }), style: looks.strongNumber },
      ...severities.map((x) => ofSeverity(c, x.id, total(c.counted, { theme: t.id, severity: x.id }))),
    ]);
  }
  const sum = (of: (t: CoverTheme) => number) => ({
    cell: c.themes.reduce((n, t) => n + of(t), 0),
    style: looks.strongNumber,
  });
  rows.table([
    { cell: say.total, style: looks.strongName },
    ...(['checks', 'consistent', 'anomaly', 'not_comparable', 'not_applicable'] as const).map((k) => sum((t) => t[k])),
    { cell: total(c.counted), style: looks.strongNumber },
    ...severities.map((x) => ({ cell: total(c.counted, { severity: x.id }), style: looks.strongNumber })),
  ]);
  rows.wide(say.outcomesNote, looks.prose);
  for (const t of c.themes.filter((x) => x.sheets.length > 1)) rows.wide(say.split(t.title, t.sheets), looks.prose);
}

function byDepartment(c: Cover, rows: CoverRows, say: CoverWords): void {
  section(c, rows, say.departments);
  const severities = severitiesOf(c);
  header(c, rows, [say.department, say.anomalies, ...severities.map((x) => x.title)]);
  for (const d of c.model.departments) {
    rows.table([
      { cell: d.name, style: c.looks.name },
      { cell: total(c.counted, { department: d.id }), style: c.looks.strongNumber },
      ...severities.map((x) => ofSeverity(c, x.id, total(c.counted, { department: d.id, severity: x.id }))),
    ]);
  }
}

function byState(c: Cover, rows: CoverRows, say: CoverWords, lang: Lang): void {
  section(c, rows, say.states);
  header(c, rows, [say.state, say.anomalies]);
  for (const state of ['new', 'persisting', 'reopened'] as const) {
    const word = STATES[state][lang];
    rows.table([
      { cell: word, style: c.looks.name },
      { cell: total(c.counted, { state: word }), style: c.looks.number },
    ]);
  }
  const ledger = c.model.summary.ledger;
  if (ledger && !c.department)
    rows.wide(say.gone(ledger.previous, ledger.resolved, ledger.not_comparable), c.looks.prose);
}

/** How to fill in and send back; the words to choose from stand one below the other, where the drop-down lists find them. */
function howTo(c: Cover, rows: CoverRows, say: CoverWords, lang: Lang): { first: number; last: number } {
  // A page is some 45 rows high; what is told here should not be torn in two.
  if (rows.next > 26) rows.breaks.push(rows.next);
  section(c, rows, say.howTo);
  for (const step of say.steps(c.file)) rows.wide(step, c.looks.prose);
  rows.gap(6);
  header(c, rows, [say.word, say.meaning], true);
  const first = rows.next;
  for (const [id, word] of Object.entries(FEEDBACK)) {
    rows.table(
      [
        { cell: word[lang], style: c.looks.choice },
        { cell: MEANINGS[id as keyof typeof FEEDBACK][lang], style: c.looks.name },
      ],
      { spanLast: true },
    );
  }
  const last = rows.next - 1;
  rows.wide(say.ownWords, c.looks.prose);
  return { first, last };
}

function sources(c: Cover, rows: CoverRows, say: CoverWords): void {
  const all = c.model.summary.by_source;
  section(c, rows, say.sources(all.length, all.filter((s) => s.delivered).length));
  header(c, rows, [say.source, say.delivered, ...say.sourceCounts]);
  for (const s of all) {
    const counts = [s.rows, s.loaded, s.quarantined_rows, s.quarantined_fields, s.duplicates, s.unmatched];
    rows.table([
      { cell: s.title, style: c.looks.name },
      s.delivered ? { cell: say.yes, style: c.looks.word } : { cell: say.no, style: c.looks.alarmWord },
      ...counts.map((n) => ({ cell: s.delivered ? n : null, style: c.looks.number })),
    ]);
  }
  rows.wide(say.refusedNote, c.looks.prose);
}

function section({ looks }: Cover, rows: CoverRows, title: string): void {
  rows.gap(12);
  rows.wide(title, looks.section, 12);
}

function header({ looks }: Cover, rows: CoverRows, titles: readonly string[], spanLast = false): void {
  const style = looks.header('who');
  rows.table(
    titles.map((cell) => ({ cell, style })),
    { spanLast },
  );
}
