/** The lines below the plotting areas on a terminal: the time axis and the legend. */

import { type Chart, lacksReadings } from './chart.ts';
import { bandSign, type Painted, paint, paintAll, signsOf, type TerminalStyle } from './terminal-style.ts';
import { datesOf, timeTicks } from './time-axis.ts';

export interface TextLayout {
  readonly chart: Chart;
  readonly style: TerminalStyle;
  /** Characters left of the axis. */
  readonly margin: number;
  /** Width of the plotting area in characters. */
  readonly columns: number;
}

/** The line below a panel, with the ticks, and marks where readings are missing. */
export function timeLine(lacking: readonly number[], { chart, style, margin, columns }: TextLayout): string {
  const signs = signsOf(style);
  const line: Painted[] = Array(columns).fill({ character: signs.along, colour: 'faint' });
  for (const { at } of ticksOf(chart, columns))
    line[xOf(at, chart, columns)] = { character: signs.mark, colour: 'faint' };
  for (const at of lacking) line[xOf(at, chart, columns)] = { character: signs.missing, colour: 'missing' };
  return `${' '.repeat(margin)}${paintAll([{ character: signs.corner, colour: 'faint' }, ...line], style)}`;
}

function ticksOf(chart: Chart, columns: number) {
  return timeTicks(chart.from, chart.to, columns, chart.offsetAt);
}

/** The tick labels, and below them the dates where they change; omits an empty line. */
export function timeLabels({ chart, margin, columns }: TextLayout): string[] {
  const ticks = ticksOf(chart, columns);
  const columnOf = (at: number) => margin + 1 + xOf(at, chart, columns);
  const times = ticks.map(({ at, label }) => ({ x: columnOf(at), label }));
  const dates = datesOf(ticks).map(({ at, date }) => ({ x: columnOf(at), label: date }));
  const width = margin + 1 + columns;
  return [lineOf(times, width), lineOf(dates, width)].filter((line) => line !== '');
}

/** Labels centred on their columns; where they would overlap, the later one wins. */
function lineOf(labels: readonly { readonly x: number; readonly label: string }[], width: number): string {
  let line = '';
  for (const { x, label } of [...labels].reverse()) {
    const room = line === '' ? width : line.length - line.trimStart().length - 1;
    const start = Math.max(0, Math.min(x - Math.floor(label.length / 2), width - label.length));
    if (start + label.length > room) continue;
    line = `${' '.repeat(start)}${label}${line === '' ? '' : line.slice(start + label.length)}`;
  }
  return line;
}

/** The legend, in one line. */
export function legend({ chart, style, margin }: TextLayout): string {
  const signs = signsOf(style);
  const parts = [
    `${paint(signs.average, 'line', style)} average`,
    `${paint(bandSign(style), 'band', style)} min to max`,
    ...(lacksReadings(chart) ? [`${paint(signs.missing, 'missing', style)} readings are missing`] : []),
    `times in ${chart.zone}`,
  ];
  return `${' '.repeat(margin + 1)}${parts.join('   ')}`;
}

/** The column of a time on an axis of this width, in characters or dots. */
export function xOf(time: number, { from, to }: Chart, width: number): number {
  return Math.round(((time - from) / (to - from)) * (width - 1));
}
