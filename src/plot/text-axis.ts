/** What stands below the plotting areas on a terminal: the time axis, and what the signs mean. */

import { type Chart, lacksReadings } from './chart.ts';
import { bandSign, paint, signsOf, type TerminalStyle } from './ink.ts';
import { placeOf, type Stretch } from './stretch.ts';
import { timeTicks } from './time-axis.ts';

export interface Page {
  readonly chart: Chart;
  readonly style: TerminalStyle;
  /** Characters before the axis. */
  readonly margin: number;
  /** Characters of the plotting area. */
  readonly columns: number;
}

export /** The line below a panel, with the round times, and a mark where readings are missing. */
function timeLine(runs: readonly (readonly Stretch[])[], { chart, style, margin, columns }: Page): string {
  const signs = signsOf(style);
  const line: string[] = Array(columns).fill(signs.along);
  for (const { at } of ticksOf(chart, columns)) line[xOf(at, chart, columns)] = signs.mark;
  for (const stretch of runs.flat())
    if (stretch.missing > 0) line[xOf(placeOf(stretch), chart, columns)] = signs.missing;
  const painted = line.join('').split(new RegExp(`(${signs.missing === '!' ? '!' : '▴'}+)`));
  return `${' '.repeat(margin)}${paint(signs.corner, 'faint', style)}${painted
    .map((part, at) => paint(part, at % 2 === 1 ? 'missing' : 'faint', style))
    .join('')}`;
}

function ticksOf(chart: Chart, columns: number) {
  return timeTicks(chart.from, chart.to, columns, chart.offsetAt);
}

/** The times, and below them the dates where they change. */
export function timeLabels({ chart, margin, columns }: Page): string[] {
  const ticks = ticksOf(chart, columns).map((tick) => ({
    ...tick,
    x: margin + 1 + xOf(tick.at, chart, columns),
  }));
  const changes = ticks.filter(({ date }, at) => date !== '' && date !== ticks[at - 1]?.date);
  const lines = [
    placed(
      ticks.map(({ x, label }) => ({ x, label })),
      margin + 1 + columns,
    ),
    placed(
      changes.map(({ x, date }) => ({ x, label: date })),
      margin + 1 + columns,
    ),
  ];
  return lines.filter((line) => line !== '');
}

/** Labels in the middle of their places, where there is room; a later one has precedence over an earlier one. */
function placed(labels: readonly { readonly x: number; readonly label: string }[], width: number): string {
  let line = '';
  for (const { x, label } of [...labels].reverse()) {
    const room = line === '' ? width : line.length - line.trimStart().length - 1;
    const start = Math.max(0, Math.min(x - Math.floor(label.length / 2), width - label.length));
    if (start + label.length > room) continue;
    line = `${' '.repeat(start)}${label}${line === '' ? '' : line.slice(start + label.length)}`;
  }
  return line;
}

export function legend({ chart, style, margin }: Page): string {
  const signs = signsOf(style);
  const parts = [
    `${paint(signs.average, 'line', style)} average`,
    `${paint(bandSign(style), 'band', style)} min to max`,
    ...(lacksReadings(chart) ? [`${paint(signs.missing, 'missing', style)} readings are missing`] : []),
    `times in ${chart.zone}`,
  ];
  return `${' '.repeat(margin + 1)}${parts.join('   ')}`;
}

/** The column, or the dot, of a time, of so many. */
export function xOf(time: number, { from, to }: Chart, width: number): number {
  return Math.round(((time - from) / (to - from)) * (width - 1));
}
