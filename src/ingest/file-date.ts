/**
 * The day an extract was made, as its file name tells it: 20260731, 2026-07-31, 2026_7_31, 2026年7月31日, 202607, 2026年7月.
 * `YYYY-MM-DD` or, where only a month is told, `YYYY-MM`, which sorts before every day of it. Nothing where no part of
 * the name is a date. A full date is preferred to a month, and of several the last, which is where people put it.
 */
export function dateInName(name: string): string | undefined {
  const text = name.normalize('NFKC');
  return lastDay(text) ?? lastMonth(text);
}

/** The file's own name speaks first, then the folder it lies in, then the folder above. */
export function dateInPath(path: string): string | undefined {
  for (const part of path.split('/').reverse()) {
    const found = dateInName(part);
    if (found) return found;
  }
  return undefined;
}

const DAYS = [
  /(?<!\d)(\d{4})([-_.])(\d{1,2})\2(\d{1,2})(?!\d)/g,
  /(?<!\d)(\d{4})(年)(\d{1,2})月(\d{1,2})日?(?!\d)/g,
  /(?<!\d)(\d{4})()(\d{2})(\d{2})(?:[T_-]?\d{4}(?:\d{2})?)?(?!\d)/g,
];
const MONTHS = [/(?<!\d)(\d{4})[-_.](\d{1,2})(?!\d)/g, /(?<!\d)(\d{4})年(\d{1,2})月/g, /(?<!\d)(\d{4})(\d{2})(?!\d)/g];

function lastDay(text: string): string | undefined {
  const found = DAYS.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((m) => ({ at: m.index, iso: day(Number(m[1]), Number(m[3]), Number(m[4])) })),
  );
  return latest(found);
}

function lastMonth(text: string): string | undefined {
  const found = MONTHS.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((m) => ({ at: m.index, iso: day(Number(m[1]), Number(m[2]), 1)?.slice(0, 7) })),
  );
  return latest(found);
}

const latest = (found: { at: number; iso: string | undefined }[]) =>
  found.filter((f) => f.iso).sort((a, b) => b.at - a.at)[0]?.iso;

/** Numbers that make no day (a document number, 20261399) are no date. */
function day(year: number, month: number, dayOfMonth: number): string | undefined {
  if (year < 1990 || year > 2099) return undefined;
  const date = new Date(Date.UTC(year, month - 1, dayOfMonth));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== dayOfMonth) return undefined;
  return date.toISOString().slice(0, 10);
}
