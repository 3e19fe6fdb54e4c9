import { statSync } from 'node:fs';
import pLimit from 'p-limit';
import type { Contract } from '../config/contract.js';
import type { Pack } from '../config/pack.js';
import { say } from '../config/text.js';
import type { Engine } from '../engine/engine.js';
import { BiduiError, EXIT } from '../errors.js';
import type { GuardPolicy } from '../guard/policy.js';
import { guardSource } from '../guard/source-guards.js';
import { expectation } from '../ingest/expectation.js';
import { type Found, type FoundFile, findFiles, type Places } from '../ingest/find-files.js';
import { readHead } from '../ingest/head.js';
import { mapHeaders } from '../ingest/map-headers.js';
import { error, type Finding, fromProblem, ok, warning } from './finding.js';

export interface SourceOptions {
  inputDir?: string;
  places?: Places;
  /** Without it nothing is said of how old an extract is: nothing here reads the clock. */
  asOf?: string;
  policy: GuardPolicy;
  tempDir: string;
}

/** Files of each source: there or not, in what encoding and why, which columns were understood, of what day. */
export async function sourceFindings(
  engine: Engine,
  pack: Pack,
  o: SourceOptions,
): Promise<{ findings: Finding[]; bytes: number }> {
  const contracts = [...pack.contracts.values()].filter((c) => c.kind === 'extract' && !pack.builtin.has(c.source));
  const found = await findFiles(o.inputDir, contracts, o.places);
  await engine.run('CREATE SCHEMA IF NOT EXISTS raw');
  const nothing = [...found.bySource.values()].every((s) => s.files.length === 0);
  const limit = pLimit(4);
  let n = 0;
  const perSource = await Promise.all(
    contracts.map((c) =>
      limit(async () => {
        const session = await engine.session();
        try {
          const findings: Finding[] = [];
          for (const file of found.bySource.get(c.source)?.files ?? []) {
            findings.push(await fileFinding(session, pack, c, file, `raw.head_${n++}`, o));
          }
          // Where nothing came at all, that is one finding.
          return nothing ? findings : [...findings, ...absent(c, found)];
        } finally {
          session.close();
        }
      }),
    ),
  );
  const files = [...found.bySource.values()].flatMap((s) => s.files);
  return {
    findings: [
      ...found.problems.map((p) => fromProblem('sources', p, EXIT.input)),
      ...perSource.flat(),
      ...found.notes.map((note) => warning('sources', say(note, note), NOTE_FIX)),
    ],
    bytes: files.reduce((sum, f) => sum + (statSync(f.path, { throwIfNoEntry: false })?.size ?? 0), 0),
  };
}

const NOTE_FIX = say(
  '不需要可忽略；需要的请改名或检查数据源约定',
  'leave it if nobody needs it; otherwise rename it, or see the contracts',
);

/** A required source without a file is among the problems already. */
function absent(c: Contract, found: Found): Finding[] {
  const source = found.bySource.get(c.source);
  const passed = (source?.passedOver ?? []).map((p) =>
    ok('sources', say(`旧文件不读：${p.reason}`, `not read: ${p.reason}`), p.name),
  );
  if (c.required || (source?.files.length ?? 0) > 0) return passed;
  return [
    ...passed,
    warning(
      'sources',
      say(
        `${c.title.zh}（${c.source}，可选）未到数，涉及的规则将为“无法比对”`,
        `${c.title.en} (${c.source}, optional) has no file: its checks will be 'not comparable'`,
      ),
      say(`放入名称形如 ${c.files.join('、')} 的文件`, `add a file named like ${c.files.join(', ')}`),
    ),
  ];
}

async function fileFinding(
  session: Parameters<typeof readHead>[0],
  pack: Pack,
  c: Contract,
  file: FoundFile,
  table: string,
  o: SourceOptions,
): Promise<Finding> {
  const bad = (text: string, fix: string | undefined): Finding =>
    error(
      'sources',
      EXIT.input,
      say(`${c.title.zh}：${text}`, `${c.title.en}: ${text}`),
      say(fix ?? '', fix ?? ''),
      file.name,
    );
  try {
    const head = await readHead(session, { path: file.path, name: file.name }, expectation(c), {
      table,
      tempDir: o.tempDir,
    });
    if (!head.raw) {
      return ok(
        'sources',
        say(
          `${c.title.zh}：${head.kind}，文件较大，运行时再看表头`,
          `${c.title.en}: ${head.kind}, large; its headers are looked at in the run`,
        ),
        file.name,
      );
    }
    const contractFile = pack.files.contracts.get(c.source)?.name ?? c.source;
    const map = mapHeaders(c, head.raw.headers, file.name, contractFile);
    const [fault] = map.problems;
    if (fault) return bad(`${fault.what}${fault.why ? ` (${fault.why})` : ''}`, fault.fix);
    const encoding = head.raw.encoding
      ? `${head.raw.encoding.name} (${head.raw.encoding.reason}${head.whole ? '' : '; first 256 KB'})`
      : head.raw.format;
    const date = file.date;
    const lists = { zh: '、', en: ', ' };
    const part = (zh: string, en: string, words: readonly string[]) => ({
      zh: words.length > 0 ? `；${zh}：${words.join(lists.zh)}` : '',
      en: words.length > 0 ? `; ${en}: ${words.join(lists.en)}` : '',
    });
    const titles = (ids: readonly string[], lang: 'zh' | 'en') => ids.map((id) => c.fields[id]?.title[lang] ?? id);
    const gone = {
      zh: part('缺列', '', titles(map.absent, 'zh')).zh,
      en: part('', 'no column for', titles(map.absent, 'en')).en,
    };
    const unknown = part('未识别列', 'unknown columns', map.unknown);
    const day = date
      ? { zh: `；数据日期 ${date}`, en: `; of ${date}` }
      : { zh: '；文件名无日期', en: '; no date in its name' };
    const what = say(
      `${c.title.zh}：${encoding}；识别 ${map.mapped.length} 列${gone.zh}${unknown.zh}${day.zh}`,
      `${c.title.en}: ${encoding}; ${map.mapped.length} columns read${gone.en}${unknown.en}${day.en}`,
    );
    const old = o.asOf === undefined ? [] : staleness(c, date, o.policy, o.asOf);
    const notes = [...head.raw.notes, ...map.doubtful];
    if (old.length === 0 && notes.length === 0) return ok('sources', what, file.name);
    const more = (lang: 'zh' | 'en') => [...old.map((f) => f.text[lang]), ...notes].join('; ');
    return warning(
      'sources',
      say(`${what.zh}；${more('zh')}`, `${what.en}; ${more('en')}`),
      say('核对后再运行；过期数据请部门重新导出', 'look at it before the run; have an old extract made again'),
      file.name,
    );
  } catch (fault) {
    if (!(fault instanceof BiduiError)) throw fault;
    const [p] = fault.problems;
    return bad(`${p?.what}${p?.why ? ` (${p.why})` : ''}`, p?.fix);
  }
}

/** The guard on freshness needs nothing but the name of the file. */
function staleness(c: Contract, date: string | undefined, policy: GuardPolicy, asOf: string) {
  const figures = {
    source: c.source,
    rows: 0,
    quarantined: 0,
    loaded: 0,
    unreadable: [],
    extractDate: date,
    headers: [],
  };
  return guardSource(figures, undefined, policy.ofSource(c.source), asOf).filter((f) => f.guard === 'freshness');
}
