import { type Bilingual, say } from '../../config/text.js';
import {
  ANOMALY_COLUMNS,
  type Column,
  column,
  FOLLOWED_COLUMNS,
  OUTCOME_COLUMNS,
  QUARANTINE_COLUMNS,
} from '../anomaly-columns.js';
import { BASELINE_COLUMNS } from '../baseline.js';
import { named } from '../file-names.js';
import { HELD_COLUMNS } from '../held-back.js';
import type { ReportModel } from '../model.js';
import { DICTIONARY_COLUMNS, DICTIONARY_CSV } from './columns.js';

/** A CSV file of a run. Files of one kind have the same columns. */
export interface CsvFile {
  path: string;
  /** For programs: small letters, digits and hyphens. */
  name: string;
  kind: string;
  title: Bilingual;
  columns: readonly Column[];
  /** Columns that no two rows agree in. */
  key?: readonly string[];
  /** Its credit codes all stand in outcomes.csv. */
  enterprises?: boolean;
}

type Kind = Omit<CsvFile, 'path' | 'name'>;

/** The CSV files among those that a run wrote. One that is not known here stops the run: nobody could say what it holds. */
export function csvFiles(m: ReportModel, written: readonly string[]): CsvFile[] {
  const kinds = kindsOf(m);
  return [...written.filter((f) => f.endsWith('.csv')), DICTIONARY_CSV].map((path) => {
    const found = kinds.get(path);
    if (!found) throw new Error(`${path} has no entry in the data dictionary`);
    return { path, ...found };
  });
}

function kindsOf(m: ReportModel): Map<string, Omit<CsvFile, 'path'>> {
  const anomalies: Kind = {
    kind: 'anomalies',
    title: { zh: '疑似异常', en: 'Anomalies' },
    columns: ANOMALY_COLUMNS,
    ...{ key: ['anomaly_id'], enterprises: true },
  };
  const kinds: [string, string, Kind][] = [
    ['anomalies.csv', 'anomalies', anomalies],
    ...named(m.themes).map((t, i): [string, string, Kind] => [
      `by-theme/${t.name}.csv`,
      `by-theme-${i + 1}`,
      { ...anomalies, title: say(`疑似异常：${t.name}`, `Anomalies: ${t.name}`) },
    ]),
    ...named(m.departments).map((d, i): [string, string, Kind] => [
      `by-department/${d.name}.csv`,
      `by-department-${i + 1}`,
      { ...anomalies, title: say(`待核查：${d.name}`, `To be checked: ${d.name}`) },
    ]),
    ['outcomes.csv', 'outcomes', outcomes(m)],
    ['followed.csv', 'followed', followed],
    ['quarantine.csv', 'quarantine', quarantine],
    ['baseline.csv', 'baseline', baseline],
    ['held-back.csv', 'held-back', heldBack],
    [DICTIONARY_CSV, 'dictionary', dictionary],
  ];
  return new Map(kinds.map(([path, name, kind]) => [path, { name, ...kind }]));
}

const outcomes = (m: ReportModel): Kind => ({
  kind: 'outcomes',
  title: say('每户企业每条规则的比对结果', 'Outcome of every check for every enterprise'),
  columns: [
    ...OUTCOME_COLUMNS,
    ...m.checks.map((c) => {
      const { zh, en } = c.def.title;
      const told = [`规则 ${c.id} 的比对结果`, `Outcome of check ${c.id}`] as const;
      return column(c.id, `${c.id} ${zh}`, `${c.id} ${en}`, told, { required: true, values: 'outcome' });
    }),
  ],
  key: ['uscc'],
});

const followed: Kind = {
  kind: 'followed',
  title: say('此前发现、本次未再发现的异常', 'Anomalies known from before and not found this time'),
  columns: FOLLOWED_COLUMNS,
  key: ['anomaly_id'],
};

const quarantine: Kind = {
  kind: 'quarantine',
  title: say('未能读取的行和字段', 'Rows and fields that could not be read'),
  columns: QUARANTINE_COLUMNS,
};

const baseline: Kind = {
  kind: 'baseline',
  title: say('与基线相比', 'Compared with the baseline'),
  columns: BASELINE_COLUMNS,
  key: ['anomaly_id'],
};

const heldBack: Kind = {
  kind: 'held-back',
  title: say('暂缓的异常：数据可疑，未采信', 'Anomalies held back: the data behind them is doubtful'),
  columns: HELD_COLUMNS,
};

const dictionary: Kind = {
  kind: 'dictionary',
  title: say('数据字典', 'Data dictionary'),
  columns: DICTIONARY_COLUMNS,
};
