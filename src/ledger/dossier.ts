import type { CheckedTheme } from '../checks/checked.js';
import { OUTCOME } from '../compile/facts.js';
import type { Contract, Field } from '../config/contract.js';
import type { Treatment } from '../config/masking/schema.js';
import type { Treat } from '../config/masking/treat.js';
import type { Pack } from '../config/pack.js';
import type { Lang } from '../config/text.js';
import type { Dialect, Sql } from '../engine/dialect.js';
import type { Session } from '../engine/engine.js';
import { maskAll } from '../values/masks.js';
import { maskSql } from '../values/personal.js';
import type { AnomalyHistory } from './history.js';

/** 一企一档: all that is known of one enterprise. */
export interface Dossier {
  as_of: string;
  lang: Lang;
  uscc: string;
  name: string;
  sources: DossierSource[];
  /** Fields of one title that several sources have: what each of them says. */
  side_by_side: { title: string; values: { source: string; value: string; place: string }[]; differs: boolean }[];
  themes: DossierTheme[];
  /** Empty where no ledger was given. */
  history: AnomalyHistory[];
  with_ledger: boolean;
}

export interface DossierSource {
  source: string;
  title: string;
  department: string;
  delivered: boolean;
  /** Rows of the enterprise; of these, `rows` holds the first ones. */
  count: number;
  rows: { file: string; row: number; values: { title: string; value: string; kind: Field['type'] }[] }[];
}

export interface DossierTheme {
  theme: string;
  title: string;
  checks: {
    check: string;
    title: string;
    outcome: keyof typeof OUTCOME;
    outcome_title: string;
    anomalies: { id: string; severity: string; message: string; advice: string }[];
  }[];
}

/** More rows than anybody reads: sensors speak every minute. */
const ROWS = 50;

/** Reads `src.*`: a row per source row of the enterprise, its values as a reader sees them. */
export async function dossierSources(
  session: Session,
  pack: Pack,
  eid: number,
  delivered: (source: string) => boolean,
  o: { lang: Lang; treat: Treat },
): Promise<DossierSource[]> {
  const d = session.dialect;
  const sources: DossierSource[] = [];
  for (const c of pack.contracts.values()) {
    if (pack.builtin.has(c.source) || c.kind !== 'extract' || !c.subject) continue;
    const treatment = (field: string, f: Field) => o.treat({ source: c.source, field, kind: f.personal });
    const fields = Object.entries(c.fields).filter(([id, f]) => treatment(id, f) !== 'omit');
    const from = `FROM src.${d.ident(c.source)} r LEFT JOIN meta.files f ON f._file = r._file WHERE r._eid = ${eid}`;
    const [n] = await session.rows<{ n: number }>(`SELECT count(*) AS n ${from}`);
    const rows = await session.rows<Record<string, string | number | null>>(
      `SELECT ${['f.name AS file', 'r._row AS _row', ...fields.map(([id, f], i) => `${shown(`r.${d.ident(id)}`, f, treatment(id, f), pack, d, o.lang)} AS v${i}`)].join(', ')}
${from} ORDER BY r._file DESC, r._row LIMIT ${ROWS}`,
    );
    sources.push({
      source: c.source,
      title: c.title[o.lang],
      department: departmentOf(pack, c, o.lang),
      delivered: delivered(c.source),
      count: Number(n?.n ?? 0),
      rows: rows.map((r) => ({
        file: String(r.file ?? ''),
        row: Number(r._row),
        values: fields.flatMap(([, f], i) => {
          const value = r[`v${i}`];
          return value === null || value === '' ? [] : [{ title: f.title[o.lang], value: String(value), kind: f.type }];
        }),
      })),
    });
  }
  return sources;
}

const departmentOf = (pack: Pack, c: Contract, lang: Lang) =>
  pack.vocabulary.departments[c.department]?.[lang] ?? c.department;

function shown(x: Sql, f: Field, treatment: Treatment, pack: Pack, d: Dialect, lang: Lang): Sql {
  const text = plain(x, f, pack, d, lang);
  if (treatment !== 'mask') return text;
  return f.personal ? maskSql(text, f.personal, d) : maskAll(text, d);
}

function plain(x: Sql, f: Field, pack: Pack, d: Dialect, lang: Lang): Sql {
  switch (f.type) {
    case 'code': {
      const entries = Object.entries(pack.codes.get(f.codes ?? '')?.entries ?? {});
      if (entries.length === 0) return x;
      return `CASE ${x} ${entries.map(([id, t]) => `WHEN ${d.text(id)} THEN ${d.text(t[lang])}`).join(' ')} ELSE ${x} END`;
    }
    case 'date':
      return `CASE WHEN ${d.year(x)} = 9999 THEN ${d.text(lang === 'zh' ? '长期' : 'open-ended')} ELSE ${d.formatDate(x)} END`;
    case 'month':
      return d.substr(d.formatDate(x), 1, 7);
    case 'timestamp':
      return d.substr(d.cast(x, 'text'), 1, 16);
    case 'bool':
      return `CASE WHEN ${x} THEN ${d.text(lang === 'zh' ? '是' : 'yes')} WHEN NOT ${x} THEN ${d.text(lang === 'zh' ? '否' : 'no')} END`;
    case 'list':
      return d.listJoin(x, lang === 'zh' ? '、' : ', ');
    case 'money':
      return `${d.formatNumber(x)} || ${d.text(lang === 'zh' ? '元' : ' yuan')}`;
    case 'quantity':
      return d.formatNumber(x);
    case 'percent':
      return `${d.formatNumber(`(${x} * 100)`)} || '%'`;
    default:
      return d.cast(x, 'text');
  }
}

/** What departments name differently though it is one thing: 住所, 注册地址, 生产经营场所. */
const GROUPS: Partial<Record<Field['type'], { zh: string; en: string }>> = {
  address: { zh: '地址', en: 'Address' },
  name: { zh: '企业名称', en: 'Enterprise name' },
};

/** Titles that at least two sources have a single row for. Whether they truly contradict each other is for the checks to say. */
export function sideBySide(sources: readonly DossierSource[], lang: Lang): Dossier['side_by_side'] {
  const single = sources.filter((s) => s.count === 1);
  const titles = new Map<string, Dossier['side_by_side'][number]['values']>();
  for (const s of single) {
    const row = s.rows[0]!;
    for (const v of row.values) {
      const title = GROUPS[v.kind]?.[lang] ?? v.title;
      const values = titles.get(title) ?? [];
      const source = title === v.title ? s.title : `${s.title}·${v.title}`;
      values.push({ source, value: v.value, place: `${row.file}:${row.row}` });
      titles.set(title, values);
    }
  }
  return [...titles]
    .filter(([, values]) => values.length > 1)
    .map(([title, values]) => ({ title, values, differs: new Set(values.map((v) => v.value)).size > 1 }));
}

/** Reads `run.*` of a run over this enterprise alone. */
export async function dossierThemes(
  session: Session,
  pack: Pack,
  themes: readonly CheckedTheme[],
  lang: Lang,
): Promise<DossierTheme[]> {
  const d = session.dialect;
  const checks = themes.flatMap((t) => t.checks);
  const [row] = await session.rows<Record<string, number>>(
    `SELECT ${checks.map((c) => d.ident(c.id)).join(', ')} FROM run.outcomes`,
  );
  const anomalies = await session.rows<{ id: string; check_id: string; severity: string; message: string }>(
    'SELECT id, check_id, severity, message FROM run.anomalies ORDER BY check_id, id',
  );
  const { outcomes, severities } = pack.vocabulary;
  return themes
    .filter((t) => t.checks.length > 0)
    .map((t) => ({
      theme: t.def.theme,
      title: t.def.title[lang],
      checks: t.checks.map((c) => {
        const outcome = Object.entries(OUTCOME).find(([, n]) => n === Number(row?.[c.id]))![0] as keyof typeof OUTCOME;
        return {
          check: c.id,
          title: c.def.title[lang],
          outcome,
          outcome_title: outcomes[outcome][lang],
          anomalies: anomalies
            .filter((a) => a.check_id === c.id)
            .map((a) => ({
              id: a.id,
              severity: severities[a.severity as keyof typeof severities][lang],
              message: a.message,
              advice: c.def.advice[lang],
            })),
        };
      }),
    }));
}
