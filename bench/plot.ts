import { stepOf } from './aims.js';
import type { Measurement, Results } from './results.js';

/** Cost against the number of enterprises, both logarithmic: a straight line at 45° is a cost that grows with the number. */

const WIDTH = 760;
const HEIGHT = 460;
const LEFT = 70;
const RIGHT = 190;
const TOP = 40;
const BOTTOM = 60;

interface Line {
  name: string;
  colour: string;
  dash?: string;
  of: (m: Measurement) => number | undefined;
}

const LINES: Line[] = [
  { name: 'full job', colour: '#1f4e79', of: (m) => m.job.wall },
  { name: 'ingest', colour: '#2e8b57', of: (m) => stepOf(m, 'ingest')?.wall },
  { name: '(a) reading as text', colour: '#2e8b57', dash: '5 4', of: (m) => m.read?.total.wall },
  { name: 'comparing', colour: '#b8452c', of: (m) => stepOf(m, 'compare')?.wall },
  { name: '(b) hand-written SQL', colour: '#b8452c', dash: '5 4', of: (m) => m.hand?.wall },
  { name: 'reports', colour: '#8a6d1d', of: (m) => stepOf(m, 'report')?.wall },
];

export function plotOf(results: Results): string {
  const all = [...results.measurements].sort((a, b) => a.enterprises - b.enterprises);
  const lines = LINES.map((line) => ({
    ...line,
    points: all.flatMap((m) => {
      const y = line.of(m);
      return y ? [{ x: m.enterprises, y }] : [];
    }),
  })).filter((l) => l.points.length > 0);
  const values = lines.flatMap((l) => l.points.map((p) => p.y));
  const x = scale(decades(all.map((m) => m.enterprises)), LEFT, WIDTH - RIGHT);
  const y = scale(decades(values), HEIGHT - BOTTOM, TOP);
  const middle = (LEFT + WIDTH - RIGHT) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>Cost of a run against the number of enterprises</title>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="22" font-size="14" font-weight="bold">Seconds of a run, ${results.threads} threads (both axes logarithmic)</text>`,
    ...x.ticks.map(
      (t) => grid(x.at(t), TOP, x.at(t), HEIGHT - BOTTOM) + label(x.at(t), HEIGHT - BOTTOM + 18, short(t)),
    ),
    ...y.ticks.map((t) => grid(LEFT, y.at(t), WIDTH - RIGHT, y.at(t)) + label(LEFT - 8, y.at(t) + 4, short(t), 'end')),
    label(middle, HEIGHT - 14, 'enterprises'),
    ...lines.map((l) => drawn(l, x.at, y.at)),
    ...legend(lines, y.at),
    '</svg>',
    '',
  ].join('\n');
}

type At = (value: number) => number;
type Drawn = Line & { points: { x: number; y: number }[] };

function drawn(l: Drawn, x: At, y: At): string {
  const path = l.points.map((p) => `${x(p.x).toFixed(1)},${y(p.y).toFixed(1)}`).join(' ');
  const dash = l.dash ? ` stroke-dasharray="${l.dash}"` : '';
  const dots = l.points
    .map((p) => `<circle cx="${x(p.x).toFixed(1)}" cy="${y(p.y).toFixed(1)}" r="3" fill="${l.colour}"/>`)
    .join('');
  return `<polyline points="${path}" fill="none" stroke="${l.colour}" stroke-width="2"${dash}/>${dots}`;
}

/** Names beside the lines' ends, pushed apart where they would lie upon each other. */
function legend(lines: readonly Drawn[], y: At): string[] {
  let lowest = -Infinity;
  return [...lines]
    .map((l) => ({ l, at: y(l.points.at(-1)!.y) }))
    .sort((a, b) => a.at - b.at)
    .map(({ l, at }) => {
      lowest = Math.max(at + 4, lowest + 15);
      return `<text x="${WIDTH - RIGHT + 10}" y="${lowest.toFixed(1)}" fill="${l.colour}">${l.name}, ${short(l.points.at(-1)!.y)} s</text>`;
    });
}

function decades(values: readonly number[]): [number, number] {
  const logs = values.map(Math.log10);
  return [Math.floor(Math.min(...logs)), Math.max(Math.ceil(Math.max(...logs)), Math.floor(Math.min(...logs)) + 1)];
}

function scale([from, to]: [number, number], start: number, end: number): { at: At; ticks: number[] } {
  return {
    at: (v) => start + ((Math.log10(v) - from) / (to - from)) * (end - start),
    ticks: Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i)),
  };
}

const short = (v: number): string =>
  v >= 1e6 ? `${+(v / 1e6).toFixed(1)}M` : v >= 1e4 ? `${+(v / 1e3).toFixed(1)}k` : `${+v.toPrecision(3)}`;
const grid = (x1: number, y1: number, x2: number, y2: number): string =>
  `<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="#ddd"/>`;
const label = (x: number, y: number, text: string, anchor = 'middle'): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" fill="#555">${text}</text>`;
