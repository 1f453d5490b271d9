import type { Line, Plot, Role } from '../harness/result.js';

const width = 640;
/** Of the drawing; the legend below it takes what it needs. */
const floor = 276;
const edge = { left: 68, right: 20, top: 36 };
/** Longer names get a row of the legend for themselves. */
const pairedCharsMax = 38;
const colours: Readonly<Record<Role, readonly string[]>> = {
  ours: ['#c2410c', '#fb923c'],
  rival: ['#6b7280', '#9ca3af'],
  ceiling: ['#1d4ed8', '#60a5fa'],
  baseline: ['#047857', '#34d399'],
};

/** A plot as an SVG that is readable on a light and on a dark page. */
export function plotSvg(plot: Plot): string {
  const { name, x, y, lines } = plot;
  const columns = lines.some((line) => line.name.length > pairedCharsMax) ? 1 : 2;
  const height = floor + 52 + 16 * Math.ceil(lines.length / columns);
  const points = lines.flatMap((line) => line.points);
  const across = scale(0, Math.max(...points.map(([at]) => at)), edge.left, width - edge.right);
  const ys = points.map(([, at]) => at).filter((at) => at > 0);
  const up = plot.logarithmic
    ? logScale(Math.min(...ys), Math.max(...ys), floor, edge.top)
    : scale(0, Math.max(...ys), floor, edge.top);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="${escape(name)}">`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    `<text x="${edge.left}" y="20" font-size="14" font-weight="600">${escape(name)}</text>`,
    ...across.ticks.map((tick) => vertical(across.at(tick), tick)),
    ...up.ticks.map((tick) => horizontal(up.at(tick), tick)),
    `<text x="${(edge.left + width - edge.right) / 2}" y="${floor + 36}" text-anchor="middle" fill="#555">${escape(x)}</text>`,
    `<text transform="translate(14 ${(edge.top + floor) / 2}) rotate(-90)" text-anchor="middle" fill="#555">${escape(y)}</text>`,
    ...lines.flatMap((line, at) => drawn(line, colourOf(lines, at), across.at, up.at)),
    ...lines.map((line, at) => legend(line, colourOf(lines, at), at, columns)),
    '</svg>',
    '',
  ].join('\n');
}

interface Scale {
  readonly ticks: readonly number[];
  at(value: number): number;
}

function scale(from: number, to: number, start: number, end: number): Scale {
  const step = niceStep((to - from) / 5);
  const top = Math.ceil(to / step) * step || 1;
  const ticks = Array.from({ length: Math.round((top - from) / step) + 1 }, (_, n) => from + n * step);
  return { ticks, at: (value) => start + ((value - from) / (top - from)) * (end - start) };
}

function logScale(from: number, to: number, start: number, end: number): Scale {
  const [low, high] = [
    Math.floor(Math.log10(from)),
    Math.max(Math.ceil(Math.log10(to)), Math.floor(Math.log10(from)) + 1),
  ];
  const ticks = Array.from({ length: high - low + 1 }, (_, n) => 10 ** (low + n));
  return { ticks, at: (value) => start + ((Math.log10(value) - low) / (high - low)) * (end - start) };
}

/** 1, 2 or 5 times a power of ten, at least `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least || 1));
  return ([1, 2, 5, 10].find((factor) => factor * power >= least) ?? 10) * power;
}

const vertical = (at: number, tick: number): string =>
  `<path d="M${round(at)} ${edge.top}V${floor}" stroke="#ddd"/><text x="${round(at)}" y="${floor + 16}" text-anchor="middle" fill="#555">${number(tick)}</text>`;
const horizontal = (at: number, tick: number): string =>
  `<path d="M${edge.left} ${round(at)}H${width - edge.right}" stroke="#ddd"/><text x="${edge.left - 6}" y="${round(at + 4)}" text-anchor="end" fill="#555">${number(tick)}</text>`;

function drawn({ points }: Line, colour: string, x: Scale['at'], y: Scale['at']): string[] {
  const places = points.map(([at, value]) => [round(x(at)), round(y(value))] as const);
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${places.map((place) => place.join(',')).join(' ')}"/>`,
    ...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`),
  ];
}

function legend({ name }: Line, colour: string, at: number, columns: number): string {
  const [x, y] = [edge.left + (at % columns) * 280, floor + 58 + Math.floor(at / columns) * 16];
  return `<rect x="${x}" y="${y - 9}" width="10" height="10" fill="${colour}"/><text x="${x + 15}" y="${y}">${escape(name)}</text>`;
}

/** Lines of one role take its colours in turn. */
function colourOf(lines: readonly Line[], at: number): string {
  const role = lines[at]?.role ?? 'ours';
  const before = lines.slice(0, at).filter((line) => line.role === role).length;
  return colours[role][before % 2] ?? '#000';
}

const round = (value: number): number => Math.round(value * 10) / 10;
const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 });
const escape = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
