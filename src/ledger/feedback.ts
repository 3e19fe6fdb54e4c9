import type { Dialect, Sql } from '../engine/dialect.js';
import type { Engine, Session } from '../engine/engine.js';
import { inputError, type Problem } from '../errors.js';
import { tidy } from '../values/tidy.js';
import { date } from '../values/types/date.js';
import { type ColumnTitles, type FeedbackFile, readFeedbackFiles } from './feedback-file.js';
import { DISPOSALS, FEEDBACK } from './words.js';

export interface FeedbackResult {
  files: number;
  rows: number;
  /** Written into the ledger. */
  applied: number;
  /** Known already, word for word. */
  known: number;
  /** Not filled in. */
  blank: number;
  /** Applied, but newer feedback on the same anomaly stands. */
  older: { file: string; row: number; id: string; on: string; newer: string }[];
}

/**
 * Takes in what departments found out. All rows of all files, or none: every row that cannot be taken is told at once.
 * Reading the same file again changes nothing. Expects `ledger.*`; leaves nothing else behind.
 */
export async function importFeedback(
  engine: Engine,
  files: readonly FeedbackFile[],
  titles: ColumnTitles,
  tempDir: string,
  dryRun: boolean,
  /** Done in the same transaction. */
  also: (result: FeedbackResult) => void = () => {},
): Promise<FeedbackResult> {
  const d = engine.dialect;
  try {
    const problems = await readFeedbackFiles(engine, files, titles, tempDir);
    await engine.run(readTable(d));
    await engine.run(newTable(d));
    problems.push(...(await rowFaults(engine)));
    if (problems.length > 0) throw inputError(sorted(problems));
    const result = await resultOf(engine, files.length);
    if (!dryRun && result.applied > 0) {
      await engine.transaction(async () => {
        await engine.run(insertSql(d));
        also(result);
      });
    }
    return result;
  } finally {
    await engine.run('DROP SCHEMA IF EXISTS fb CASCADE');
  }
}

const clean = (x: Sql, d: Dialect) => tidy(x, d, { width: 'alnum', spaces: 'collapse' });

/** `fb.read`: the rows with their words understood. */
function readTable(d: Dialect): Sql {
  const words = new Map(
    Object.entries(DISPOSALS).flatMap(([id, w]) => [id, w.zh, w.en.toLowerCase()].map((x) => [x, id])),
  );
  // 待核查 is a word here, not "nothing".
  const prepared = date.prepare('disposal_on', d, {});
  return `CREATE TABLE fb.read AS
SELECT r.*, coalesce(${d.lookup(d.lower('status_text'), words)}, CASE WHEN status_text IS NULL THEN ${d.text('pending')} END) AS status,
  CASE WHEN on_text IS NOT NULL THEN ${date.value('on_text', d, {})} END AS handled_on,
  CASE WHEN seen_text IS NOT NULL THEN ${date.value('seen_text', d, {})} END AS seen_on
FROM (
  SELECT file, ${d.ident('row')}, ${d.upper(clean('anomaly_id', d))} AS id, ${clean('disposal_status', d)} AS status_text,
    ${clean('disposal_by', d)} AS handled_by, ${prepared} AS on_text, ${date.prepare('as_of', d, {})} AS seen_text,
    coalesce(${clean('disposal_note', d)}, ${d.text('')}) AS note
  FROM fb.given
) r`;
}

/** `fb.new`: rows that say something the ledger does not know yet. */
function newTable(d: Dialect): Sql {
  const said = Object.keys(FEEDBACK)
    .filter((x) => x !== 'pending')
    .map((x) => d.text(x))
    .join(', ');
  return `CREATE TABLE fb.new AS
SELECT r.*, a.id AS known_id, a.first_seen AS first_seen
FROM fb.read r LEFT JOIN ledger.anomaly a ON a.id = r.id
WHERE r.status IN (${said}) AND NOT EXISTS (
  SELECT 1 FROM ledger.feedback f
  WHERE f.id = r.id AND f.status = r.status AND f.handled_by = r.handled_by AND f.handled_on = r.handled_on AND f.note = r.note
)`;
}

async function rowFaults(session: Session): Promise<Problem[]> {
  const d = session.dialect;
  const allowed = Object.values(FEEDBACK)
    .map((w) => w.zh)
    .join('、');
  const derived = `r.status IN (${d.text('recheck')}, ${d.text('ineffective')})`;
  const filled = `(r.handled_by IS NOT NULL OR r.on_text IS NOT NULL OR r.note <> ${d.text('')})`;
  // What bidui itself wrote beside 待复核 and 整改未见效 is the feedback from before.
  const asPrinted = `EXISTS (SELECT 1 FROM ledger.feedback f WHERE f.id = r.id AND f.handled_by = r.handled_by AND f.handled_on = r.handled_on AND f.note = r.note)`;
  const same =
    "n.status = r.status AND coalesce(n.handled_by, '') = coalesce(r.handled_by, '') AND coalesce(n.on_text, '') = coalesce(r.on_text, '') AND n.note = r.note";
  const faults: { from: Sql; when: Sql; value: Sql; say: (x: string) => Omit<Problem, 'where'> }[] = [
    {
      from: 'fb.read r',
      when: `r.status_text IS NOT NULL AND r.status IS NULL`,
      value: 'r.status_text',
      say: (x) => ({ what: `核查状态 '${x}' is not known`, fix: `write one of ${allowed}` }),
    },
    {
      from: 'fb.read r',
      when: `r.id IS NULL AND (${filled} OR r.status <> ${d.text('pending')})`,
      value: `''`,
      say: () => ({ what: 'the anomaly id is blank', fix: 'copy 异常编号 from the report' }),
    },
    {
      from: 'fb.read r LEFT JOIN ledger.anomaly a ON a.id = r.id',
      when: 'r.id IS NOT NULL AND a.id IS NULL',
      value: 'r.id',
      say: (x) => ({
        what: `no anomaly ${x} is in the ledger`,
        fix: 'copy 异常编号 from the report; --state must be its ledger',
      }),
    },
    {
      from: 'fb.read r',
      when: `(r.status = ${d.text('pending')} OR ${derived}) AND ${filled} AND NOT (${derived} AND ${asPrinted})`,
      value: 'r.status_text',
      say: (x) => ({
        what: `核查状态 is still '${x || '待核查'}', though the row has been filled in`,
        fix: `say what was found: ${allowed}`,
      }),
    },
    {
      from: 'fb.new r',
      when: 'r.handled_by IS NULL',
      value: `''`,
      say: () => ({ what: '核查人 is blank', fix: 'write who looked into it' }),
    },
    {
      from: 'fb.new r',
      when: 'r.on_text IS NULL',
      value: `''`,
      say: () => ({ what: '反馈日期 is blank', fix: 'write the day, such as 2026-08-05' }),
    },
    {
      from: 'fb.new r',
      when: "r.on_text IS NOT NULL AND (r.handled_on IS NULL OR r.handled_on >= DATE '9999-01-01')".replace(
        `DATE '9999-01-01'`,
        d.date('9999-01-01'),
      ),
      value: 'r.on_text',
      say: (x) => ({ what: `反馈日期 '${x}' is not a day`, fix: 'write it as 2026-08-05' }),
    },
    {
      from: 'fb.new r',
      when: 'r.handled_on < r.first_seen',
      value: d.concat(d.formatDate('r.handled_on'), d.text(' / '), d.formatDate('r.first_seen')),
      say: (x) => ({
        what: `反馈日期 is before the anomaly was first found (${x})`,
        fix: 'check the year and the day',
      }),
    },
    {
      from: 'fb.new r JOIN fb.new n ON n.id = r.id AND (n.file < r.file OR (n.file = r.file AND n."row" < r."row"))'.replaceAll(
        '"row"',
        d.ident('row'),
      ),
      when: `NOT (${same})`,
      value: d.concat('n.file', d.text(' row '), d.cast(`n.${d.ident('row')}`, 'text')),
      say: (x) => ({ what: `says something else of this anomaly than ${x}`, fix: 'leave the right one of the two' }),
    },
    {
      from: 'fb.new r JOIN ledger.feedback f ON f.id = r.id AND f.handled_on = r.handled_on',
      when: 'f.handled_by <> r.handled_by',
      value: d.concat('f.handled_by', d.text(', '), wordSql('f.status', d)),
      say: (x) => ({
        what: `somebody else fed back on this anomaly the same day (${x})`,
        why: 'which of the two stands cannot be told',
        fix: 'agree, and send the one that stands with a later 反馈日期',
      }),
    },
  ];
  const problems: Problem[] = [];
  for (const f of faults) {
    const rows = await session.rows<{ file: string; row: number; value: string | null }>(
      `SELECT DISTINCT r.file AS file, r.${d.ident('row')} AS ${d.ident('row')}, ${f.value} AS value FROM ${f.from} WHERE ${f.when}`,
    );
    for (const r of rows) problems.push({ ...f.say(r.value ?? ''), where: { file: r.file, row: Number(r.row) } });
  }
  return problems;
}

const wordSql = (x: Sql, d: Dialect) => d.lookup(x, new Map(Object.entries(FEEDBACK).map(([id, w]) => [id, w.zh])));

async function resultOf(session: Session, files: number): Promise<FeedbackResult> {
  const d = session.dialect;
  const [n] = await session.rows<{ rows: number; blank: number; fresh: number; repeated: number }>(
    `SELECT (SELECT count(*) FROM fb.read) AS ${d.ident('rows')},
  (SELECT count(*) FROM fb.read WHERE status IN (${['pending', 'recheck', 'ineffective'].map((x) => d.text(x)).join(', ')})) AS blank,
  (SELECT count(DISTINCT id) FROM fb.new) AS fresh, (SELECT count(*) FROM fb.new) AS repeated`,
  );
  const older = await session.rows<FeedbackResult['older'][number]>(
    `SELECT min(r.file) AS file, min(r.${d.ident('row')}) AS ${d.ident('row')}, r.id AS id,
  ${d.formatDate('min(r.handled_on)')} AS ${d.ident('on')}, ${d.formatDate('max(f.handled_on)')} AS newer
FROM fb.new r JOIN ledger.feedback f ON f.id = r.id AND f.handled_on > r.handled_on GROUP BY r.id ORDER BY r.id`,
  );
  const rows = Number(n?.rows ?? 0);
  const blank = Number(n?.blank ?? 0);
  return { files, rows, blank, applied: Number(n?.fresh ?? 0), known: rows - blank - Number(n?.repeated ?? 0), older };
}

/** Each with the values it is about: those of the report it was written on, or else those known on its day. */
function insertSql(d: Dialect): Sql {
  const row = d.ident('row');
  return `INSERT INTO ledger.feedback
SELECT coalesce((SELECT max(seq) FROM ledger.feedback), 0) + row_number() OVER (ORDER BY r.handled_on, r.id),
  r.id, r.status, r.handled_by, r.handled_on, r.note, coalesce(v.fingerprint, a.fingerprint), r.file, r.${row}
FROM (SELECT *, row_number() OVER (PARTITION BY id ORDER BY file, ${row}) AS nth_copy FROM fb.new) r
JOIN ledger.anomaly a ON a.id = r.id
LEFT JOIN (
  SELECT r.id AS id, v.fingerprint AS fingerprint, row_number() OVER (PARTITION BY r.id ORDER BY v.as_of DESC) AS nth
  FROM fb.new r JOIN ledger.version v ON v.id = r.id AND v.as_of <= coalesce(r.seen_on, r.handled_on)
) v ON v.id = r.id AND v.nth = 1
WHERE r.nth_copy = 1`;
}

const sorted = (problems: Problem[]): Problem[] =>
  problems.sort((a, b) => {
    const [x, y] = [a.where, b.where];
    if (x?.file !== y?.file) return (x?.file ?? '') < (y?.file ?? '') ? -1 : 1;
    return (x?.row ?? 0) - (y?.row ?? 0);
  });
