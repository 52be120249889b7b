/** What stands below the plotting areas on a terminal: the time axis, and what the signs mean. */

import { type Chart, lacksReadings } from './chart.ts';
import { bandSign, type Painted, paint, paintAll, signsOf, type TerminalStyle } from './terminal-style.ts';
import { datesOf, timeTicks } from './time-axis.ts';

export interface Page {
  readonly chart: Chart;
  readonly style: TerminalStyle;
  /** Characters before the axis. */
  readonly margin: number;
  /** Characters of the plotting area. */
  readonly columns: number;
}

/** The line below a panel, with the round times, and a mark at each time where readings are missing. */
export function timeLine(lacking: readonly number[], { chart, style, margin, columns }: Page): string {
  const signs = signsOf(style);
  const line: Painted[] = Array(columns).fill({ character: signs.along, ink: 'faint' });
  for (const { at } of ticksOf(chart, columns))
    line[xOf(at, chart, columns)] = { character: signs.mark, ink: 'faint' };
  for (const at of lacking) line[xOf(at, chart, columns)] = { character: signs.missing, ink: 'missing' };
  return `${' '.repeat(margin)}${paintAll([{ character: signs.corner, ink: 'faint' }, ...line], style)}`;
}

function ticksOf(chart: Chart, columns: number) {
  return timeTicks(chart.from, chart.to, columns, chart.offsetAt);
}

/** The times, and below them the dates where they change. */
export function timeLabels({ chart, margin, columns }: Page): string[] {
  const ticks = ticksOf(chart, columns);
  const place = (at: number) => margin + 1 + xOf(at, chart, columns);
  const times = ticks.map(({ at, label }) => ({ x: place(at), label }));
  const dates = datesOf(ticks).map(({ at, date }) => ({ x: place(at), label: date }));
  const width = margin + 1 + columns;
  return [placed(times, width), placed(dates, width)].filter((line) => line !== '');
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
