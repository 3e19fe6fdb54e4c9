import { usageError } from '../errors.js';
import { DEFAULT_STATE } from '../ledger/open.js';
import type { StateOptions } from '../run/state.js';
import { label, type Output, printable } from './output.js';

/** The ledger that a command is about: --state, or $BIDUI_STATE, or bidui.duckdb here. */
export const stateOf = (o: { state?: string }): string => o.state ?? process.env.BIDUI_STATE ?? DEFAULT_STATE;

/** How a command that writes opens it. */
export const writingAs = (command: string, o: { wait?: string }, output: Output): StateOptions => ({
  command,
  wait: waitOf(o.wait),
  warn: (text) => output.err(`${label('warning', output)} ${printable(text)}`),
});

const SECONDS = { s: 1, m: 60, h: 3600 } as const;

/** `--wait 10m`, in seconds. */
export function waitOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const [, n, unit] = /^(\d{1,6})(s|m|h)$/.exec(value) ?? [];
  if (!n || !unit) {
    throw usageError({ what: `--wait ${value}: not a time`, fix: 'write a number and s, m or h, such as 10m' });
  }
  return Number(n) * SECONDS[unit as keyof typeof SECONDS];
}
