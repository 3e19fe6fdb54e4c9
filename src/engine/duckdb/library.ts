/** A module of its own, to be loaded when it is first asked for: what the library's allocator is told has to be said before. */
export { DuckDBInstance, JSDuckDBValueConverter, version } from '@duckdb/node-api';
