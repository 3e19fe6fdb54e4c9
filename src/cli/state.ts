import { DEFAULT_STATE } from '../ledger/open.js';

/** The ledger that a command is about: --state, or $BIDUI_STATE, or bidui.duckdb here. */
export const stateOf = (o: { state?: string }): string => o.state ?? process.env.BIDUI_STATE ?? DEFAULT_STATE;
