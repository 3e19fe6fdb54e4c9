// Runs bidui and really kills the process at its n-th statement on the ledger, or just after its transaction.
import { main } from '../../dist/cli/main.js';
import { DuckDb } from '../../dist/engine/duckdb/database.js';

const [at, ...argv] = process.argv.slice(2);
let left = at === 'committed' ? Number.POSITIVE_INFINITY : Number(at);
const die = () => process.kill(process.pid, 'SIGKILL');

const session = Object.getPrototypeOf(DuckDb.prototype);
const { run, transaction } = session;
let inside = false;
session.run = function (sql) {
  if (inside && --left <= 0) die();
  return run.call(this, sql);
};
session.transaction = async function (work) {
  const result = await transaction.call(this, async () => {
    inside = true;
    const done = await work();
    inside = false;
    return done;
  });
  if (at === 'committed') die();
  return result;
};
process.exitCode = await main(argv);
