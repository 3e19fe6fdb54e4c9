import { canonicalText } from '../canonical.js';
import type { CheckedCheck, CheckedTheme, Template } from '../checked.js';
import { nodes } from '../ir.js';
import type { Findings } from './index.js';

const HAN = /\p{Script=Han}/u;

/** Both languages say the same: neither is a copy of the other, and both show the same values. */
export function lintTranslations(themes: readonly CheckedTheme[]): Findings {
  const findings: Findings = { errors: [], warnings: [] };
  for (const t of themes) {
    lintPair(t.def.title, (lang) => t.yaml.place(['title', lang]), findings);
    for (const c of t.checks) {
      for (const name of ['title', 'item', 'key_point', 'advice'] as const) {
        lintPair(c.def[name], (lang) => c.yaml.place([...c.path, name, lang]), findings);
      }
      c.def.evidence.forEach((e, i) => {
        if (typeof e !== 'string')
          lintPair(e.label, (lang) => c.yaml.place([...c.path, 'evidence', i, 'label', lang]), findings);
      });
      if (c.sound) lintMessage(c, findings);
    }
  }
  return findings;
}

type Lang = 'zh' | 'en';

function lintPair(pair: Record<Lang, string>, place: (lang: Lang) => object, findings: Findings): void {
  if (!HAN.test(pair.zh)) {
    findings.errors.push({ what: `'${pair.zh}' is not Chinese`, where: place('zh'), fix: 'translate it' });
  }
  // An English text may name a thing by its Chinese word; it is not a translation if that is all there is.
  if (!/[A-Za-z]{2}/.test(pair.en)) {
    findings.errors.push({ what: `'${pair.en}' is not English`, where: place('en'), fix: 'translate it' });
  }
}

function lintMessage(c: CheckedCheck, findings: Findings): void {
  // A word may be chosen by a condition in one language only; what it is chosen by is shown in both.
  const values = (t: Template) =>
    new Set(
      t.flatMap((part) =>
        typeof part === 'string' ? [] : [...nodes(part)].filter((n) => 'relation' in n).map((n) => canonicalText(n)),
      ),
    );
  const [zh, en] = [values(c.message.zh), values(c.message.en)];
  const lacks = (has: typeof zh, other: typeof en, lang: Lang) => {
    const missing = [...has].filter((k) => !other.has(k)).length;
    if (missing > 0) {
      findings.warnings.push({
        what: `the ${lang === 'en' ? 'English' : 'Chinese'} message of ${c.id} lacks ${missing} value${missing > 1 ? 's' : ''} that the other shows`,
        where: c.yaml.place([...c.path, 'message', lang]),
        fix: 'show the same values in both languages',
      });
    }
  };
  lacks(zh, en, 'en');
  lacks(en, zh, 'zh');
}
