/**
 * What came from the environment, or stands under a key that is nobody's to read, is used and never shown: whatever writes
 * for people (terminal, logs, run.json) passes its text through `redact`. One list for the process, because a secret may
 * turn up in the message of any library.
 */
const hidden = new Map<string, string>();

/** Shorter values (`2`, `zh`, `red`) are no secrets, and hiding them would garble every other sentence. */
const SHORTEST = 6;

/** From now on `value` is shown as `shown`. */
export function hide(value: string, shown: string): void {
  if (value.length < SHORTEST) return;
  hidden.set(value, shown);
  // As it stands in a line of JSON.
  hidden.set(JSON.stringify(value).slice(1, -1), shown);
}

export function redact(text: string): string {
  if (hidden.size === 0) return text;
  // The longest first: one secret may hold another.
  const known = [...hidden].sort(([a], [b]) => b.length - a.length);
  return known.reduce((t, [value, shown]) => t.replaceAll(value, shown), text);
}

/** For JSON.stringify: every text of a document without secrets. */
export const redacting = (_key: string, value: unknown): unknown => (typeof value === 'string' ? redact(value) : value);
