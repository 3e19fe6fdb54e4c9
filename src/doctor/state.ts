import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { say } from '../config/text.js';
import { DuckDb } from '../engine/duckdb/database.js';
import { EXIT } from '../errors.js';
import { lastNight } from '../ledger/night.js';
import { openLedger } from '../ledger/open.js';
import { error, type Finding, ok, warning } from './finding.js';
import { writable } from './places.js';

/** Whether the ledger can be opened and written, what it knows, and who has it. */
export async function stateFindings(state: string | undefined, asOf: string | undefined): Promise<Finding[]> {
  if (state === undefined) {
    return [
      warning(
        'state',
        say(
          '未使用台账：不跟踪新增、消除，与历史相比的护栏不启用',
          'no ledger: nothing is followed from night to night, and guards that compare with earlier nights are off',
        ),
        say('在项目文件中写 state: state/bidui.duckdb', "write 'state: state/bidui.duckdb' in the project file"),
      ),
    ];
  }
  const dir = writable(dirname(resolve(state)), '台账所在目录', 'directory of the ledger', EXIT.output);
  if (!existsSync(state)) {
    return [dir, ok('state', say('尚无台账，首次运行时新建', 'there is no ledger yet; the first run makes it'), state)];
  }
  const engine = await DuckDb.open();
  try {
    await openLedger(engine, state, 'read');
    const last = await lastNight(engine);
    const found = [dir];
    if (last && asOf !== undefined && asOf < last.as_of) {
      found.push(
        error(
          'state',
          EXIT.usage,
          say(
            `基准日 ${asOf} 早于台账中最近一次 ${last.as_of}`,
            `the as-of day ${asOf} is before the last night in the ledger, ${last.as_of}`,
          ),
          say('换用该日或更晚的基准日', 'take that day or a later one'),
          state,
        ),
      );
    } else {
      found.push(
        ok(
          'state',
          last
            ? say(`台账可用，最近一次为 ${last.as_of}`, `the ledger can be used; its last night is ${last.as_of}`)
            : say('台账可用，尚无记录', 'the ledger can be used; it holds no night yet'),
          state,
        ),
      );
    }
    return found;
  } finally {
    engine.close();
  }
}
