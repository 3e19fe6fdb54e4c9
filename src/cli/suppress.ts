import type { Session } from '../engine/engine.js';
import { EXIT, usageError } from '../errors.js';
import { lastNight } from '../ledger/night.js';
import { covered, endSuppression, listSuppressions, suppress } from '../ledger/suppression.js';
import { readLedger, writeLedger } from '../run/ledger.js';
import { scopeOf } from './ledger-text.js';
import { asOfOf, langOf, needed, oneOf } from './options.js';
import type { Output } from './output.js';
import { stateOf, writingAs } from './state.js';
import { table } from './table.js';

interface AddOptions {
  state?: string;
  wait?: string;
  anomaly?: string;
  enterprise?: string;
  check?: string;
  owner?: string;
  reason?: string;
  from?: string;
  until?: string;
}

export async function suppressCommand(given: AddOptions, output: Output): Promise<number> {
  const o = needed(given, { owner: '<who answers for it>', reason: '<why>', until: '<YYYY-MM-DD>' });
  if (!o.anomaly && !o.enterprise && !o.check) {
    throw usageError({
      what: 'nothing is named that should be suppressed',
      fix: 'add --anomaly <id>, --enterprise <credit code>, --check <id>, or the latter two together',
    });
  }
  if (o.anomaly && (o.enterprise || o.check)) {
    throw usageError({
      what: '--anomaly names one anomaly already',
      fix: 'leave --enterprise and --check out, or leave --anomaly out',
    });
  }
  const until = asOfOf(o.until, '--until');
  await writeLedger(stateOf(o), writingAs('bidui suppress add', o, output), async (engine, state) => {
    const from = o.from === undefined ? await lastDay(engine) : asOfOf(o.from, '--from');
    const what = {
      anomaly: o.anomaly?.trim().toUpperCase(),
      uscc: o.enterprise?.trim().toUpperCase(),
      check: o.check?.trim().toUpperCase(),
      owner: o.owner,
      reason: o.reason,
      from,
      until,
    };
    const number = await suppress(engine, what, () => state.audit('suppressed', what));
    output.out(`suppression ${number}: ${from} – ${until}, of ${await covered(engine, number)} open anomalies`);
  });
  return EXIT.ok;
}

export async function endCommand(
  number: string,
  given: { state?: string; wait?: string; on?: string; by?: string },
  output: Output,
): Promise<number> {
  const o = needed(given, { on: '<YYYY-MM-DD>', by: '<who>' });
  if (!/^[1-9]\d*$/.test(number)) {
    throw usageError({ what: `${number} is no number of a suppression`, fix: '`bidui suppress list` names them' });
  }
  const on = asOfOf(o.on, '--on');
  await writeLedger(stateOf(o), writingAs('bidui suppress end', o, output), (engine, state) =>
    endSuppression(engine, Number(number), on, o.by, () =>
      state.audit('suppression_ended', { number: Number(number), on, by: o.by }),
    ),
  );
  output.out(`suppression ${number} ends on ${on}`);
  return EXIT.ok;
}

export async function listCommand(
  options: { state?: string; asOf?: string; lang: string; format: string },
  output: Output,
): Promise<number> {
  const zh = langOf(options.lang) === 'zh';
  const format = oneOf('--format', options.format, ['table', 'json'] as const);
  const rows = await readLedger(stateOf(options), async (engine) =>
    listSuppressions(engine, options.asOf === undefined ? await lastDay(engine) : asOfOf(options.asOf)),
  );
  if (format === 'json') {
    output.out(JSON.stringify(rows, null, 2));
    return EXIT.ok;
  }
  const titles = zh
    ? ['编号', '对象', '负责人', '原因', '自', '至', '有效', '解除']
    : ['Number', 'Of', 'Owner', 'Reason', 'From', 'Until', 'Active', 'Ended'];
  const cells = rows.map((s) => [
    s.number,
    scopeOf(s),
    s.owner,
    s.reason,
    s.from,
    s.until,
    s.active ? (zh ? '是' : 'yes') : zh ? '否' : 'no',
    [s.ended, s.ended_by].filter(Boolean).join(' '),
  ]);
  output.out(table(titles, cells, { width: output.columns }));
  return EXIT.ok;
}

/** Commands between nights speak of the last one: they are not told the time either. */
async function lastDay(session: Session): Promise<string> {
  const last = await lastNight(session);
  if (last) return last.as_of;
  throw usageError({
    what: 'the ledger has no night yet',
    fix: 'run `bidui run … --state <file>` first, or give the day',
  });
}
