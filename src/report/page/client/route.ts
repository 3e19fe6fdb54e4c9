export type View = 'overview' | 'anomalies' | 'enterprises' | 'enterprise' | 'data';

export interface Route {
  view: View;
  /** The enterprise. */
  arg: string;
  params: URLSearchParams;
}

const VIEWS: readonly View[] = ['overview', 'anomalies', 'enterprises', 'enterprise', 'data'];

/** `#/enterprise/USCC?open=ID`. What is no such place leads to the overview. */
export function routeOf(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [name = '', arg = ''] = path.split('/', 2).map(decoded);
  const params = new URLSearchParams(query);
  if (name === 'anomaly') {
    params.set('open', arg);
    return { view: 'anomalies', arg: '', params };
  }
  return { view: VIEWS.find((v) => v === name) ?? 'overview', arg, params };
}

/** A link may have been cut off anywhere. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function hashOf(view: View, params: Readonly<Record<string, string>> | URLSearchParams = {}, arg = ''): string {
  const query = new URLSearchParams(params as Record<string, string>).toString();
  const path = view === 'overview' ? '' : arg ? `${view}/${encodeURIComponent(arg)}` : view;
  return `#/${path}${query ? `?${query}` : ''}`;
}

export const here = (): Route => routeOf(location.hash);

/** The same place with another parameter; an empty one is left out. */
export function hereWith(name: string, value: string): string {
  const { view, arg, params } = here();
  if (value) params.set(name, value);
  else params.delete(name);
  return hashOf(view, params, arg);
}

/** Without a new step in the browser's history. */
export const replaceHash = (hash: string): void => history.replaceState(null, '', hash);
