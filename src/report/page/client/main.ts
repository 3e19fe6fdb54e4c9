import type { PageHead } from '../data.js';
import { fill, h } from './dom.js';
import { count, lang, say, startLanguage, switchLanguage, t } from './language.js';
import { lookSwitch, startLook } from './look.js';
import { canRead, readHead } from './parts.js';
import { loading } from './pieces.js';
import { printed } from './print.js';
import { hashOf, here, hereWith, type Route, replaceHash, type View } from './route.js';
import { loadStore, type Store } from './store.js';
import { anomaliesView } from './views/anomalies.js';
import { dataView } from './views/data.js';
import { enterpriseView } from './views/enterprise.js';
import { enterprisesView } from './views/enterprises.js';
import type { Mounted } from './views/mounted.js';
import { overview } from './views/overview.js';
import { Panel } from './views/panel.js';

let head: PageHead;
let store: Store | undefined;
let view: Mounted = { element: h('div'), order: () => [] };
/** What stands there now, apart from the open anomaly. */
let place = '';

const top = h('header', { class: 'top' });
const main = h('main', { id: 'main', tabindex: -1 });
const foot = h('footer', { class: 'foot note' });
const paper = h('div', { id: 'paper' });
const screen = h('div', { id: 'screen' }, h('a', { class: 'skip', href: '#main', click: skip }, ''), top, main, foot);

const panel = new Panel({
  closed() {
    const open = here().params.get('open');
    replaceHash(hereWith('open', ''));
    const i = open === null ? undefined : store?.anomalyAt.get(open);
    if (i !== undefined) view.focus?.(i);
  },
  step(to) {
    replaceHash(hereWith('open', store!.anomalies.id[to]!));
    showPanel();
  },
});

/** The address is the page's own: a plain jump to #main would leave the view. */
function skip(e: Event): void {
  e.preventDefault();
  main.focus();
}

function frame(): void {
  const { view: at } = here();
  const link = (v: View) =>
    h(
      'a',
      { href: hashOf(v), 'aria-current': at === v || (v === 'enterprises' && at === 'enterprise') ? 'page' : null },
      t(v as 'overview'),
    );
  const other = h(
    'button',
    {
      type: 'button',
      class: 'quiet',
      lang: lang() === 'zh' ? 'en' : 'zh-CN',
      click: () => {
        switchLanguage();
        draw();
        top.querySelector<HTMLElement>('[data-language]')?.focus();
      },
      'data-language': '',
    },
    t('other_language'),
  );
  fill(screen.querySelector('.skip')!, t('skip'));
  fill(
    top,
    h(
      'div',
      { class: 'brand' },
      h('strong', null, t('title')),
      h('span', { class: 'note' }, t('as_of', head.asOf), head.confinedTo && ` · ${say(head.confinedTo)}`),
    ),
    h('nav', { 'aria-label': t('views') }, (['overview', 'anomalies', 'enterprises', 'data'] as const).map(link)),
    h(
      'div',
      { class: 'tools' },
      other,
      lookSwitch(),
      h('button', { type: 'button', class: 'quiet', click: () => window.print() }, t('print')),
    ),
  );
  const language = head.lang === 'zh' ? (lang() === 'zh' ? '中文' : 'Chinese') : lang() === 'zh' ? '英文' : 'English';
  fill(foot, `${t('run_language', language)} ${t('made_by', head.version)}`);
  document.title = `${t('title')} · ${head.asOf}`;
}

const VIEWS: Record<Exclude<View, 'overview'>, (s: Store) => Mounted> = {
  anomalies: anomaliesView,
  enterprises: enterprisesView,
  enterprise: enterpriseView,
  data: dataView,
};

function mounted({ view: name }: Route): Mounted {
  if (name === 'overview') return { element: overview(head), order: () => [] };
  return store ? VIEWS[name](store) : { element: loading(), order: () => [] };
}

function draw(): void {
  const route = here();
  view.stop?.();
  frame();
  view = mounted(route);
  place = hereWith('open', '');
  fill(main, view.element);
  view.shown?.();
  showPanel();
}

function showPanel(): void {
  const open = here().params.get('open');
  const i = open === null ? undefined : store?.anomalyAt.get(open);
  if (store && i !== undefined) panel.show(store, i, view.order());
  else {
    panel.hide();
    if (store && open) fill(main, h('p', { class: 'nothing', role: 'alert' }, t('no_such_anomaly', open)));
  }
}

function moved(): void {
  if (hereWith('open', '') === place) {
    showPanel();
    return;
  }
  draw();
  scrollTo(0, 0);
  // What was followed is gone: the keyboard goes on where the new view begins.
  main.focus({ preventScroll: true });
}

async function start(): Promise<void> {
  startLook();
  startLanguage('zh');
  if (!canRead()) {
    document.body.append(h('p', { class: 'fallback' }, t('too_old')));
    return;
  }
  head = await readHead();
  startLanguage(head.lang);
  document.body.append(screen, panel.element, paper);
  draw();
  addEventListener('hashchange', moved);
  addEventListener('beforeprint', () => store && fill(paper, printed(store, view)));
  addEventListener('afterprint', () => fill(paper));
  store = await loadStore(head);
  // The overview needs no more than the head.
  if (here().view !== 'overview') draw();
  document.documentElement.dataset.ready = count(store.anomalies.id.length);
}

void start();
