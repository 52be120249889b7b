/** A chart as text: the panels one below another, the time axis and the legend. */

import { Canvas } from './canvas.ts';
import { type Chart, type Panel, pointsOf, segmentsOf, timesLacking } from './chart.ts';
import { cut, padStart, printable, widthOf } from './display-text.ts';
import { drawSegment, yOf } from './draw-segment.ts';
import { type Scale, valueScale } from './scale.ts';
import { paint, paintAll, signsOf, type TerminalStyle, textureOf } from './terminal-style.ts';
import { legend, type TextLayout, timeLabels, timeLine } from './text-axis.ts';

const MIN_COLUMNS = 10;
/** Minimum distance between ticks in lines. */
const TICK_DISTANCE = 2;
const SEPARATOR = '  ';

/** Yields the lines of each panel, then the time axis and the legend; each piece ends with a newline. */
export function* drawText(chart: Chart, style: TerminalStyle): Generator<string> {
  const most = Math.max(2, Math.floor((style.height - 1) / TICK_DISTANCE));
  const scales = chart.panels.map(({ low, high, unit }) => valueScale(low, high, most, unit));
  const labels = scales.flatMap(({ ticks }) => ticks.map(({ label }) => widthOf(label)));
  const margin = labels.reduce((widest, length) => Math.max(widest, length), 0) + 1;
  const layout: TextLayout = {
    chart,
    style,
    margin,
    columns: Math.max(MIN_COLUMNS, style.width - margin - 1),
  };
  if (chart.title !== undefined) yield `${paint(cut(printable(chart.title), style.width), 'bold', style)}\n`;
  for (const [at, panel] of chart.panels.entries()) {
    const scale = scales[at];
    if (scale !== undefined) yield drawPanel(panel, scale, layout);
  }
  yield `${[...timeLabels(layout), legend(layout)].join('\n')}\n`;
}

function drawPanel(panel: Panel, scale: Scale, layout: TextLayout): string {
  const { style, margin, columns, chart } = layout;
  const canvas = new Canvas(columns, style.height, textureOf(style));
  const segments = segmentsOf(panel, chart, canvas.width);
  for (const segment of segments) drawSegment(canvas, pointsOf(segment, panel), scale, chart);
  const labels = new Map(
    scale.ticks.map(({ at, label }) => [
      Math.floor((yOf(at, scale, canvas.height) * style.height) / canvas.height),
      label,
    ]),
  );
  const signs = signsOf(style);
  const rows = canvas.rows().map((cells, row) => {
    const painted = cells.map(({ character, layer }) => ({ character, colour: layer }));
    const label = labels.get(row);
    const axis = `${padStart(label ?? '', margin - 1)} ${label === undefined ? signs.up : signs.tick}`;
    return `${paint(axis, 'faint', style)}${paintAll(painted, style)}`.trimEnd();
  });
  return `${[...heading(panel, style), ...rows, timeLine(timesLacking(segments, chart), layout)].join('\n')}\n`;
}

/** The sensor's name, with the summary after it, or below it if the line is too short. */
function heading({ sensor, window, summary }: Panel, style: TerminalStyle): string[] {
  const name = cut(`${printable(sensor) || '(no name)'}  ${printable(window)}`, style.width);
  const painted = paint(name, 'bold', style);
  const line = summary.join(SEPARATOR);
  if (widthOf(name) + SEPARATOR.length + line.length <= style.width) return [`${painted}${SEPARATOR}${line}`];
  return [painted, ...wrapped(summary, style.width)];
}

function wrapped(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + SEPARATOR.length + part.length <= width)
      lines[lines.length - 1] = line + SEPARATOR + part;
    else lines.push(cut(part, width));
  }
  return lines;
}
