import type { Dossier } from '../ledger/dossier.js';

const STYLE = `
:root{color-scheme:light dark;--line:#8884;--soft:#8881}
body{font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;max-width:72rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.15rem;margin:2rem 0 .5rem;border-bottom:2px solid var(--line)}h3{font-size:1rem;margin:1.2rem 0 .3rem}
table{border-collapse:collapse;width:100%}th,td{border:1px solid var(--line);padding:.3rem .5rem;text-align:start;vertical-align:top;overflow-wrap:anywhere}
th{background:var(--soft)}.differs{font-weight:600}.anomaly{color:#b3261e;font-weight:600}.small{opacity:.75;font-size:.85em}
@media (prefers-color-scheme:dark){.anomaly{color:#ff8a80}}
@media print{body{padding:0;font-size:11px}h2{break-after:avoid}tr{break-inside:avoid}}`;

const safe = (x: string): string =>
  x.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]!);

const row = (tag: 'td' | 'th', cells: readonly string[]): string =>
  `<tr>${cells.map((c) => `<${tag}>${c}</${tag}>`).join('')}</tr>`;

const table = (head: readonly string[], rows: readonly string[]): string =>
  `<table><thead>${row('th', head.map(safe))}</thead><tbody>${rows.join('')}</tbody></table>`;

/** One file that opens anywhere; nothing in it is fetched and nothing in it runs. `history` is text, a paragraph for each anomaly. */
export function dossierHtml(x: Dossier, w: DossierWords, history: readonly string[]): string {
  const values = x.side_by_side.map((s) =>
    row('td', [
      `<span class="${s.differs ? 'differs' : ''}">${safe(s.title)}</span>`,
      s.values
        .map((v) => `${safe(v.value)} <span class="small">${safe(v.source)} ${safe(v.place)}</span>`)
        .join('<br>'),
    ]),
  );
  const themes = x.themes.map(
    (t) =>
      `<h3>${safe(t.title)}</h3>${table(
        w.checks,
        t.checks.map((c) =>
          row('td', [
            safe(`${c.check} ${c.title}`),
            `<span class="${c.outcome}">${safe(c.outcome_title)}</span>`,
            c.anomalies
              .map((a) => `${safe(`[${a.severity}] ${a.message}`)}<br><span class="small">${safe(a.advice)}</span>`)
              .join('<br>'),
          ]),
        ),
      )}`,
  );
  const sources = x.sources
    .filter((s) => s.count > 0)
    .map(
      (s) =>
        `<h3>${safe(s.title)} <span class="small">${safe(s.department)} · ${safe(w.rows(s.count))}</span></h3>${table(
          w.sources,
          s.rows.map((r) =>
            row('td', [
              safe(`${r.file} ${r.row}`),
              r.values.map((v) => `<b>${safe(v.title)}</b> ${safe(v.value)}`).join(' · '),
            ]),
          ),
        )}`,
    );
  return `<!doctype html>
<html lang="${x.lang === 'zh' ? 'zh-CN' : 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${safe(`${x.name} ${x.uscc}`)}</title><style>${STYLE}</style></head><body>
<h1>${safe(x.name)}</h1><p>${safe(x.uscc)} · ${safe(w.asOf(x.as_of))}</p><p class="small">${safe(w.lead)}</p>
<h2>${safe(w.sideBySide)}</h2>${values.length > 0 ? table(w.values, values) : safe(w.none)}
<h2>${safe(w.verdicts)}</h2>${themes.join('')}
${x.with_ledger ? `<h2>${safe(w.history)}</h2>${history.length > 0 ? history.map((h) => `<pre style="white-space:pre-wrap">${safe(h)}</pre>`).join('') : safe(w.none)}` : ''}
<h2>${safe(w.records)}</h2>${sources.join('')}
</body></html>
`;
}

export interface DossierWords {
  asOf: (day: string) => string;
  lead: string;
  sideBySide: string;
  verdicts: string;
  history: string;
  records: string;
  none: string;
  values: readonly string[];
  checks: readonly string[];
  sources: readonly string[];
  rows: (n: number) => string;
}
