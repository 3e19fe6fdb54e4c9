import type { YamlFile } from '../config/yaml.js';
import type { Expr, Lookup, Relation } from './ir.js';
import type { Check, Severity, Theme } from './theme.js';

export type Template = (string | Expr)[];

/** One value shown beside others, and the row it comes from. */
export interface Evidence {
  label: { zh: string; en: string };
  value: Expr;
  /** Whose source, file and row stand beside the value: of several, those of the first that is found. */
  relations: Relation[];
}

/** A check whose every expression has been read and typed. */
export interface CheckedCheck {
  id: string;
  def: Check;
  theme: Theme;
  yaml: YamlFile;
  /** Where the check stands in its file. */
  path: readonly (string | number)[];
  lookups: Lookup[];
  /** The lookup whose rows are judged one by one, if there is one. */
  each?: Lookup;
  when: Expr;
  expect: Expr;
  about: Expr[];
  message: { zh: Template; en: Template };
  evidence: Evidence[];
  severity: { cases: { when: Expr; severity: Severity }[]; otherwise: Severity };
  /** False where typing found a fault, which has been told: nothing more can be said of the check. */
  sound: boolean;
}

export interface CheckedTheme {
  def: Theme;
  yaml: YamlFile;
  checks: CheckedCheck[];
}
