import { createHash } from 'node:crypto';

const safe = (x: string): string =>
  x.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c]!);

const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

export interface DocumentText {
  lang: string;
  title: string;
  /** Shown where nothing runs. */
  noScript: string;
}

/**
 * What stands before the data. Nothing may be fetched from anywhere, and nothing runs but our one script, known by its hash;
 * style attributes are set by the chart library.
 */
export function documentStart(t: DocumentText, assets: { script: string; style: string }): string {
  const policy = [
    `default-src 'none'`,
    `script-src ${hashOf(assets.script)}`,
    `style-src ${hashOf(assets.style)}`,
    `style-src-attr 'unsafe-inline'`,
    'img-src data:',
    `base-uri 'none'`,
    `form-action 'none'`,
  ].join('; ');
  return `<!doctype html>
<html lang="${t.lang === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="referrer" content="no-referrer">
<link rel="icon" href="data:,">
<title>${safe(t.title)}</title>
<style>${assets.style}</style>
</head>
<body>
<noscript><p class="fallback">${safe(t.noScript)}</p></noscript>
`;
}

/** A block that no browser runs; base64 holds nothing that could end it. */
export const dataBlock = (part: string, base64: string): string =>
  `<script type="text/plain" data-part="${part}">${base64}</script>\n`;

export const documentEnd = (script: string): string => `<script>${script}</script>\n</body>\n</html>\n`;
