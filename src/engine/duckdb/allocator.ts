/**
 * What the engine's allocator is told, where it has one of its own (jemalloc, on Linux). It keeps what statements have freed for
 * seconds, in case it is wanted again: that made a process of half as much again as the engine counted. Now the
 * system gets it back after a tenth of a second.
 *
 * It looks into the environment when the engine's library is loaded, so this module comes before that. Who has set it knows better.
 */
process.env.DUCKDB_JE_MALLOC_CONF ??= 'dirty_decay_ms:100,muzzy_decay_ms:0';
