/** The limits of a chart's series: a line at each, and a tint beyond it. */

import type uPlot from 'uplot';
import { convert } from '../data/display-units.ts';
import { limitText } from '../data/limits.ts';
import type { SeriesLook } from '../data/series-look.ts';
import { foreign } from '../shell/foreign.ts';
import type { Theme } from '../shell/theme.ts';
import { type ChartSetting, scaleOf } from './chart-options.ts';
import { inPlot } from './marks.ts';

/** A limit on a scale of the chart. */
interface Limit {
  readonly scale: string;
  readonly side: 'max' | 'min';
  /** In the displayed unit. */
  readonly value: number;
  readonly text: string;
}

const TINT = '1f';
const DASH = [6, 4];
const MARGIN = 4;
const ROOM = 16;
const LONGEST_NAME = 24;

type Drawn = Pick<ChartSetting, 'looks' | 'theme'> & { readonly hidden: readonly string[] };

/** Draws all limits, below the value lines; a limit shared by several sensors only once. */
export function drawLimits(chart: uPlot, { looks, hidden, theme }: Drawn): void {
  inPlot(chart, (context) => {
    for (const limit of limitsOf(looks, hidden)) {
      // Overlapping tints would mean nothing.
      if (looks.length === 1) tint(context, chart, limit, theme);
      drawLine(context, chart, limit, theme);
    }
  });
}

/** Draws the names of all limits, above the value lines. */
export function drawLimitNames(chart: uPlot, { looks, hidden, theme }: Drawn): void {
  inPlot(chart, (context) => {
    for (const limit of limitsOf(looks, hidden)) drawName(context, chart, limit, theme);
  });
}

/** The distinct limits; a name lists its sensors unless all share the limit. */
function limitsOf(looks: readonly SeriesLook[], hidden: readonly string[]): Limit[] {
  const found = new Map<string, Limit & { readonly sensors: string[] }>();
  for (const [at, { sensor, display, limits }] of looks.entries())
    for (const side of ['max', 'min'] as const) {
      const limit = limits[side];
      if (limit === undefined || (looks.length > 1 && hidden.includes(sensor))) continue;
      const scale = scaleOf(looks, at);
      const value = convert(limit, display);
      const key = `${scale} ${side} ${value}`;
      const text = `${side} ${limitText(limit, display)}`;
      const known = found.get(key) ?? { scale, side, value, text, sensors: [] };
      known.sensors.push(sensor);
      found.set(key, known);
    }
  return [...found.values()].map(({ sensors, text, ...limit }) => {
    const names = sensors.length === looks.length ? '' : `${namesOf(sensors)}: `;
    return { ...limit, text: `${names}${text}` };
  });
}

function namesOf([first = '', ...others]: readonly string[]): string {
  const name = first.length > LONGEST_NAME ? `${first.slice(0, LONGEST_NAME - 1)}…` : first;
  return foreign(others.length === 0 ? name : `${name} and ${others.length} more`);
}

/** Position of the line in canvas pixels; NaN if no axis can show it. */
function placeOf(chart: uPlot, { scale, value }: Limit): number {
  return Math.round(chart.valToPos(value, scale, true));
}

function tint(context: CanvasRenderingContext2D, chart: uPlot, limit: Limit, theme: Theme): void {
  const { left, top, width, height } = chart.bbox;
  const line = Math.min(Math.max(placeOf(chart, limit), top), top + height);
  context.fillStyle = `${theme.limit}${TINT}`;
  if (limit.side === 'max') context.fillRect(left, top, width, line - top);
  else context.fillRect(left, line, width, top + height - line);
}

function drawLine(context: CanvasRenderingContext2D, chart: uPlot, limit: Limit, theme: Theme): void {
  const { left, width } = chart.bbox;
  const line = placeOf(chart, limit);
  if (!Number.isFinite(line)) return;
  context.strokeStyle = theme.limit;
  context.lineWidth = devicePixelRatio;
  context.setLineDash(DASH.map((length) => length * devicePixelRatio));
  context.beginPath();
  context.moveTo(left, line);
  context.lineTo(left + width, line);
  context.stroke();
}

/** A line above or below the visible range has its name at that edge, with an arrow. */
function drawName(context: CanvasRenderingContext2D, chart: uPlot, limit: Limit, theme: Theme): void {
  const { left, top, width, height } = chart.bbox;
  const bottom = top + height;
  const at = placeOf(chart, limit);
  if (!Number.isFinite(at)) return;
  const line = Math.min(Math.max(at, top), bottom);
  const pixels = devicePixelRatio;
  const room = ROOM * pixels;
  const arrow = at < top ? ' \u2191' : at > bottom ? ' \u2193' : '';
  const isBelowLine = line - top < room || (limit.side === 'min' && bottom - line > room);
  // Names at an edge go to the left, clear of the names of lines.
  const isAway = arrow !== '';
  const x = isAway ? left + MARGIN * pixels : left + width - MARGIN * pixels;
  const y = line + (isBelowLine ? 2 : -2) * pixels;
  context.font = `${11 * pixels}px ${theme.font}`;
  context.textAlign = isAway ? 'left' : 'right';
  context.textBaseline = isBelowLine ? 'top' : 'bottom';
  // An outline keeps the name readable over other lines.
  context.setLineDash([]);
  context.lineJoin = 'round';
  context.strokeStyle = theme.panel;
  context.lineWidth = 3 * pixels;
  context.strokeText(`${limit.text}${arrow}`, x, y);
  context.fillStyle = theme.limit;
  context.fillText(`${limit.text}${arrow}`, x, y);
}
