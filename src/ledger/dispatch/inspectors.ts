import { basename, join } from 'node:path';
import pLimit from 'p-limit';
import { type Contract, contract } from '../../config/contract.js';
import { type Pack, shownPath } from '../../config/pack.js';
import { YamlFile } from '../../config/yaml.js';
import type { Engine } from '../../engine/engine.js';
import { inputError, type Problem } from '../../errors.js';
import { expectation } from '../../ingest/expectation.js';
import { loadSources } from '../../ingest/load.js';
import { readFile } from '../../ingest/read-file.js';

export interface Inspector {
  no: string;
  name: string;
  /** Id of a department. */
  department: string;
  region: string | null;
  certificate_to: string;
  /** Blank: every theme. */
  specialities: string[];
  load: number;
  conflicts: string[];
}

/**
 * The inspector library (执法检查人员名录库), by its contract in `checks/libraries/inspector.yaml`, through the same readers
 * and cleaning as any extract. It is short and kept by hand: a row that cannot be read is told, not left out.
 */
export async function loadInspectors(engine: Engine, pack: Pack, path: string, tempDir: string): Promise<Inspector[]> {
  const d = engine.dialect;
  const known = inspectorContract(pack);
  const name = basename(path);
  await engine.run('CREATE SCHEMA IF NOT EXISTS raw');
  await loadSources(engine, pack, {
    contracts: [known],
    inputs: [{ index: 0, source: known.source, path, name }],
    read: (session, input, c) => readFile(session, input, expectation(c), { table: 'raw.inspector', tempDir }),
    limit: pLimit(1),
  });
  const refused = await engine.rows<{ row: number; field: string | null; raw: string | null; reason: string }>(
    `SELECT ${d.ident('row')} AS ${d.ident('row')}, field, raw, reason FROM meta.quarantine ORDER BY 1, 2`,
  );
  const problems: Problem[] = refused.map((r) => ({
    what: `${known.fields[r.field ?? '']?.title.zh ?? '人员编号'} '${r.raw ?? ''}' cannot be read (${r.reason})`,
    where: { file: name, row: Number(r.row) },
    fix: 'put it right in the inspector library; bidui does not guess who may be sent',
  }));
  const list = (column: string) => `coalesce(${d.listJoin(d.ident(column), '\u001f')}, '')`;
  const rows = await engine.rows<Record<string, string | number | null>>(
    `SELECT no, name, department, region, ${d.formatDate('certificate_to')} AS certificate_to, ${list('specialities')} AS specialities,
  coalesce(${d.ident('load')}, 0) AS ${d.ident('load')}, ${list('conflicts')} AS conflicts, _row FROM src.inspector ORDER BY no`,
  );
  const inspectors = rows.map((r): Inspector => {
    const department = departmentOf(pack, String(r.department ?? ''));
    if (!department) {
      problems.push({
        what: `no department '${r.department ?? ''}'`,
        where: { file: name, row: Number(r._row) },
        fix: `write one of ${Object.values(pack.vocabulary.departments)
          .map((t) => t.zh)
          .join('、')}`,
      });
    }
    return {
      no: String(r.no),
      name: String(r.name ?? r.no),
      department: department ?? '',
      region: r.region === null ? null : String(r.region),
      certificate_to: String(r.certificate_to ?? '0001-01-01'),
      specialities: items(r.specialities),
      load: Number(r.load),
      conflicts: items(r.conflicts),
    };
  });
  if (problems.length > 0) throw inputError(problems);
  return inspectors;
}

function inspectorContract(pack: Pack): Contract {
  const path = join(pack.dir, 'libraries', 'inspector.yaml');
  return YamlFile.read(path, shownPath(path)).validate(contract);
}

function departmentOf(pack: Pack, word: string): string | undefined {
  return Object.entries(pack.vocabulary.departments).find(
    ([id, t]) => id === word || t.zh === word || t.en.toLowerCase() === word.toLowerCase(),
  )?.[0];
}

const items = (x: unknown): string[] =>
  String(x ?? '')
    .split('\u001f')
    .filter(Boolean);
