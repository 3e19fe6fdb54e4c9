/** What a value written out in a call must be, beyond its type. Answers what is wrong with it. */
export function literalFault(fn: string, param: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (fn === 'date' && !isDay(value)) return `'${value}' is no day of the calendar, written YYYY-MM-DD`;
  if (fn === 'matches' && param === 'pattern') return patternFault(value);
  if (fn === 'same_address' && param === 'to' && !DEPTHS.includes(value)) {
    return `no such depth '${value}': it is one of ${DEPTHS.join(', ')}`;
  }
  return undefined;
}

const DEPTHS = ['room', 'building', 'number', 'road'];

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function patternFault(pattern: string): string | undefined {
  if (/\(\?<?[=!]|\\[1-9]/.test(pattern)) {
    return 'a pattern has neither look-around nor back-references: not every engine has them';
  }
  try {
    new RegExp(pattern, 'u');
    return undefined;
  } catch (error) {
    return `this pattern cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}
