/**
 * Tells the engine's allocator, where it has one of its own (jemalloc, on Linux), to give freed memory back to the system after a tenth of
 * a second. Otherwise it keeps for seconds what statements have freed, in case it is wanted again, and a process takes up to twice
 * what its engine counts. What is given back has to be asked for anew, which costs processor time: so it is for those who have
 * little.
 *
 * It looks into the environment when the engine's library is loaded, so this has to be said before. Who has set it knows better.
 */
export function giveBackFreed(): void {
  process.env.DUCKDB_JE_MALLOC_CONF ??= 'dirty_decay_ms:100,muzzy_decay_ms:0';
}
