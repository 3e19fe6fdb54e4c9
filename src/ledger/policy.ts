import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { shownPath } from '../config/pack.js';
import { YamlFile } from '../config/yaml.js';

const days = z.int().min(0).max(3650);

/** `checks/ledger.yaml`. */
export const ledgerPolicy = z.strictObject({
  /** Working days within which an anomaly is to be looked into. */
  deadlines: z.strictObject({ red: days, yellow: days, blue: days }).default({ red: 3, yellow: 10, blue: 30 }),
  /** How long 误报 and 数据问题 hold for the values they were given for. */
  false_alarm_valid_days: days.default(180),
  /** By how much data must be newer than 属实已整改 before it is doubted. */
  rectified_grace_days: days.default(0),
});

export type LedgerPolicy = z.infer<typeof ledgerPolicy>;

/** The policy of a checks directory; the defaults where it has none. */
export function loadPolicy(checksDir: string): LedgerPolicy {
  const path = join(checksDir, 'ledger.yaml');
  if (!existsSync(path)) return ledgerPolicy.parse({});
  return YamlFile.read(path, shownPath(path)).validate(ledgerPolicy);
}
