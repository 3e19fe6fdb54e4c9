import { fill, h } from '../dom.js';
import { count, t } from '../language.js';

const STEP = 100;

/** A list whose rows are not equally high: the first hundred, and more on demand. */
export function pager(all: number, draw: (from: number, to: number) => HTMLElement): HTMLElement {
  const box = h('div', { class: 'card' });
  const show = (to: number) => {
    const left = all - to;
    const more =
      left > 0 &&
      h(
        'button',
        { type: 'button', class: 'quiet', click: () => show(Math.min(all, to + STEP)) },
        t('more', count(Math.min(STEP, left)), count(left)),
      );
    fill(box, draw(0, to), more);
  };
  show(Math.min(all, STEP));
  return box;
}
