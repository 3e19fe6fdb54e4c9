import { h } from './dom.js';
import { t } from './language.js';
import { remember, remembered } from './memory.js';

const LOOKS = ['auto', 'light', 'dark'] as const;
type Look = (typeof LOOKS)[number];

let current: Look = 'auto';

export function startLook(): void {
  const kept = remembered('look');
  apply(LOOKS.find((x) => x === kept) ?? 'auto');
}

function apply(look: Look): void {
  current = look;
  if (look === 'auto') delete document.documentElement.dataset.look;
  else document.documentElement.dataset.look = look;
}

export function lookSwitch(): HTMLElement {
  const select = h(
    'select',
    {
      'aria-label': t('look'),
      class: 'quiet',
      change: () => {
        apply(select.value as Look);
        remember('look', current);
      },
    },
    LOOKS.map((x) => h('option', { value: x, selected: x === current }, t(`look_${x}`))),
  );
  return select;
}
