import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, inputError } from '../errors.js';
import { anchorOf } from '../ledger/audit/anchor.js';
import { auditPath, entriesOf } from '../ledger/audit/log.js';
import { verify } from '../ledger/audit/verify.js';
import { noLedger } from '../ledger/open.js';
import { readLedger } from '../run/ledger.js';
import { oneOf } from './options.js';
import { label, type Output, printable } from './output.js';
import { stateOf } from './state.js';
import { table } from './table.js';

export async function verifyCommand(o: { state?: string }, output: Output): Promise<number> {
  const state = stateOf(o);
  const anchor = await readLedger(state, anchorOf);
  const verdict = verify(resolve(state), anchor);
  for (const note of verdict.notes) output.err(`${label('warning', output)} ${printable(note)}`);
  if (verdict.faults.length > 0) {
    throw inputError(
      verdict.faults.map((f) => ({
        what: printable(f.what),
        where: { file: auditPath(state), line: f.line },
        fix: 'hold it against a copy from before, and ask who could write to this directory',
      })),
    );
  }
  output.out(`${verdict.entries} entries, each follows from the one before it; head ${verdict.head}`);
  return EXIT.ok;
}

export function listCommand(o: { state?: string; format: string; last: string }, output: Output): number {
  const format = oneOf('--format', o.format, ['table', 'json'] as const);
  const state = stateOf(o);
  if (!existsSync(state)) throw noLedger(state);
  const entries = entriesOf(resolve(state)).slice(-Math.max(1, Number(o.last) || 50));
  if (format === 'json') {
    output.out(JSON.stringify(entries, null, 2));
    return EXIT.ok;
  }
  const rows = entries.map((e) => [e.seq, e.at, `${e.user}@${e.host}`, e.act, brief(e.details)]);
  output.out(printable(table(['Entry', 'When', 'Who', 'What', 'Of what'], rows)));
  return EXIT.ok;
}

const BRIEF = 100;

function brief(details: Readonly<Record<string, unknown>>): string {
  const { files: _, steps: __, ...rest } = details;
  const text = Object.entries(rest)
    .map(([k, v]) => `${k}=${typeof v === 'string' ? v : JSON.stringify(v)}`)
    .join(' ');
  return text.length > BRIEF ? `${text.slice(0, BRIEF)}…` : text;
}
