/** The limits of the series of a chart: a line at each, and a tint where values are beyond it. */

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
  /** In the shown unit. */
  readonly value: number;
  readonly text: string;
}

const TINT = '1f';
const DASH = [6, 4];
const MARGIN = 4;
const LONGEST_NAME = 24;

/** Draws all limits; those that several sensors share once. Beside each other tints would say nothing. */
export function drawLimits(
  chart: uPlot,
  { looks, hidden, theme }: Pick<ChartSetting, 'looks' | 'theme'> & { readonly hidden: readonly string[] },
): void {
  const style = { theme, isTinted: looks.length === 1 };
  inPlot(chart, (context) => {
    for (const limit of limitsOf(looks, hidden)) drawLimit(context, chart, limit, style);
  });
}

/** With the names of their sensors, unless all have it. */
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

interface LimitStyle {
  readonly theme: Theme;
  readonly isTinted: boolean;
}

/** The line may be above or below what the axis shows: then its name stands at that edge, with an arrow. */
function drawLimit(
  context: CanvasRenderingContext2D,
  chart: uPlot,
  { scale, side, value, text }: Limit,
  { theme, isTinted }: LimitStyle,
): void {
  const { left, top, width, height } = chart.bbox;
  const bottom = top + height;
  const at = Math.round(chart.valToPos(value, scale, true));
  if (!Number.isFinite(at)) return;
  const line = Math.min(Math.max(at, top), bottom);
  context.fillStyle = `${theme.limit}${TINT}`;
  if (isTinted && side === 'max') context.fillRect(left, top, width, line - top);
  if (isTinted && side === 'min') context.fillRect(left, line, width, bottom - line);
  const pixels = devicePixelRatio;
  if (line === at) {
    context.strokeStyle = theme.limit;
    context.lineWidth = pixels;
    context.setLineDash(DASH.map((length) => length * pixels));
    context.beginPath();
    context.moveTo(left, line);
    context.lineTo(left + width, line);
    context.stroke();
  }
  const arrow = at < top ? ' \u2191' : at > bottom ? ' \u2193' : '';
  const isBelowLine = line - top < 16 * pixels || (side === 'min' && bottom - line > 16 * pixels);
  context.font = `${11 * pixels}px ${theme.font}`;
  context.fillStyle = theme.limit;
  // At an edge there may be the name of a line, too.
  const isAway = arrow !== '';
  context.textAlign = isAway ? 'left' : 'right';
  context.textBaseline = isBelowLine ? 'top' : 'bottom';
  const y = line + (isBelowLine ? 2 : -2) * pixels;
  // The name is read also where lines are behind it.
  context.setLineDash([]);
  context.strokeStyle = theme.panel;
  context.lineWidth = 3 * pixels;
  const place = [isAway ? left + MARGIN * pixels : left + width - MARGIN * pixels, y] as const;
  context.strokeText(`${text}${arrow}`, ...place);
  context.fillText(`${text}${arrow}`, ...place);
}
