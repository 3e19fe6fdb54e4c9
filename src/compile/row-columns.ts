import type { Sql } from '../engine/dialect.js';

/** File and row of a row in one number: the first of several rows is their minimum. */
export const AT = '_at';
/** How many rows a group has. */
export const ROWS = '_rows';
/** Whether a row is in doubt. */
export const DOUBT = '_doubt';
/** Whether one of the rows looked at is certain to count. */
export const FOUND = '_found';
/** Whether a row is one of those looked for: its `where`. */
export const COUNTS = '_counts';
export const FILE_SHIFT = 10_000_000_000;

/** A column of a derived table. */
export interface Column {
  name: string;
  sql: Sql;
}

/** Whether SQL reads the columns of the enterprise, and nothing that is looked up for it. */
export const ofEnterprise = (sql: Sql): boolean => /\be\./.test(sql) && !/\b(?:[ln]\d+|q_\w+)\./.test(sql);

export const indent = (sql: Sql): Sql => `\n${sql.replace(/^/gm, '    ')}\n  `;
