/**
 * A binary number as the text of its author: 15 digits, as Excel shows it, so that 1234.5600000000001 is 1234.56.
 * From 1e15 on digits were lost, and the text says so by its notation: a credit code that became 9.13206E+17 must not
 * look like a code again.
 */
export function numberText(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const rounded = Number(value.toPrecision(15));
  if (Math.abs(rounded) >= 1e15) return rounded.toExponential().replace('e', 'E');
  const text = String(rounded);
  if (!text.includes('e')) return text;
  // Only small numbers are left: 1e-7.
  const [mantissa = '0', exponent = '0'] = text.split('e');
  const digits = mantissa.replace(/[-.]/g, '');
  return `${rounded < 0 ? '-' : ''}0.${'0'.repeat(-Number(exponent) - 1)}${digits}`;
}
