/** A chart as text: braille or plain ASCII, with or without colour. The band is dotted, so that the line stands out. */

import { Canvas, type Cell, type Ink, type Texture } from './canvas.ts';
import { type Chart, type Panel, pointsOf, runsOf } from './chart.ts';
import { type Scale, valueScale } from './scale.ts';
import { placeOf, type Stretch } from './stretch.ts';
import { cut, padStart, printable, widthOf } from './text.ts';
import { timeTicks } from './time-axis.ts';

export interface TerminalStyle {
  /** Characters across, all in all. */
  readonly width: number;
  /** Lines of the plotting area of each panel. */
  readonly height: number;
  readonly ascii: boolean;
  readonly colour: boolean;
}

const LEAST_COLUMNS = 10;
/** Lines from one tick to the next, at least. */
const TICK_DISTANCE = 2;

const colours = {
  band: '\x1b[34m',
  line: '\x1b[1;96m',
  missing: '\x1b[33m',
  faint: '\x1b[2m',
  bold: '\x1b[1m',
};
const RESET = '\x1b[0m';

const fine = { up: '│', tick: '┤', corner: '└', along: '─', mark: '┬', missing: '▴', average: '⠒⠒' };
const plain = { up: '|', tick: '+', corner: '+', along: '-', mark: '+', missing: '!', average: '**' };
const bands = { dots: '⢕⢕', shade: '░░', ascii: '::' };

/** The lines of each panel, and at last what they mean. */
export function* drawText(chart: Chart, style: TerminalStyle): Generator<string> {
  const most = Math.max(2, Math.floor((style.height - 1) / TICK_DISTANCE));
  const scales = chart.panels.map(({ low, high }) => valueScale(low, high, most));
  const labels = scales.flatMap(({ ticks }) => ticks.map(({ label }) => label.length));
  const margin = labels.reduce((widest, length) => Math.max(widest, length), 0) + 1;
  const page: Page = { chart, style, margin, columns: Math.max(LEAST_COLUMNS, style.width - margin - 1) };
  if (chart.title !== undefined) yield `${paint(cut(printable(chart.title), style.width), 'bold', style)}\n`;
  for (const [at, panel] of chart.panels.entries()) {
    const scale = scales[at];
    if (scale !== undefined) yield drawPanel(panel, scale, page);
  }
  yield `${[...timeLabels(page), legend(page)].join('\n')}\n`;
}

interface Page {
  readonly chart: Chart;
  readonly style: TerminalStyle;
  /** Characters before the axis. */
  readonly margin: number;
  /** Characters of the plotting area. */
  readonly columns: number;
}

function drawPanel(panel: Panel, scale: Scale, page: Page): string {
  const { style, margin, columns, chart } = page;
  const canvas = new Canvas(columns, style.height, textureOf(style));
  const runs = runsOf(panel, chart, canvas.width);
  for (const run of runs) drawRun(canvas, pointsOf(run, panel), scale, chart);
  const labels = new Map(
    scale.ticks.map(({ at, label }) => [
      Math.floor((yOf(at, scale, canvas.height) * style.height) / canvas.height),
      label,
    ]),
  );
  const signs = style.ascii ? plain : fine;
  const rows = canvas.rows().map((cells, row) => {
    const label = labels.get(row);
    const axis = `${padStart(label ?? '', margin - 1)} ${label === undefined ? signs.up : signs.tick}`;
    return `${paint(axis, 'faint', style)}${paintCells(cells, style)}`.trimEnd();
  });
  return `${[...heading(panel, style), ...rows, timeLine(runs, page)].join('\n')}\n`;
}

/** The sensor's name and the summary, on one line where they have room. */
function heading({ sensor, window, summary }: Panel, style: TerminalStyle): string[] {
  const name = cut(`${printable(sensor) || '(no name)'}  ${printable(window)}`, style.width);
  const painted = paint(name, 'bold', style);
  if (widthOf(name) + 3 + summary.length <= style.width) return [`${painted}   ${summary}`];
  return [painted, cut(summary, style.width)];
}

function drawRun(canvas: Canvas, points: ReturnType<typeof pointsOf>, scale: Scale, chart: Chart): void {
  let before: Point | undefined;
  for (const { at, min, max, avg } of points) {
    const point = {
      x: xOf(at, chart, canvas.width),
      low: yOf(min, scale, canvas.height),
      high: yOf(max, scale, canvas.height),
      avg: yOf(avg, scale, canvas.height),
    };
    drawStep(canvas, before ?? point, point);
    before = point;
  }
}

/** In dots of the canvas. */
interface Point {
  readonly x: number;
  readonly low: number;
  readonly high: number;
  readonly avg: number;
}

/** All columns between two points, the band and the line straight from one to the other. */
function drawStep(canvas: Canvas, from: Point, to: Point): void {
  let last = from.avg;
  for (let x = Math.max(0, from.x); x <= Math.min(to.x, canvas.width - 1); x++) {
    const part = to.x === from.x ? 1 : (x - from.x) / (to.x - from.x);
    const between = (one: number, other: number) => Math.round(one + (other - one) * part);
    const bottom = Math.min(between(from.low, to.low), canvas.height - 1);
    for (let y = Math.max(0, between(from.high, to.high)); y <= bottom; y++) canvas.draw('band', x, y);
    const avg = between(from.avg, to.avg);
    for (let y = Math.min(last, avg); y <= Math.max(last, avg); y++)
      if (y === avg || Math.abs(y - last) > 0) canvas.draw('line', x, y);
    last = avg;
  }
}

function xOf(time: number, { from, to }: Chart, width: number): number {
  return Math.round(((time - from) / (to - from)) * (width - 1));
}

/** From the top; what is far outside is just outside. */
function yOf(value: number, { low, high }: Scale, height: number): number {
  const y = Math.round(((high - value) / (high - low)) * (height - 1));
  return Math.max(-1, Math.min(height, y));
}

/** The line below a panel, with the round times, and a mark where readings are missing. */
function timeLine(runs: readonly (readonly Stretch[])[], { chart, style, margin, columns }: Page): string {
  const signs = style.ascii ? plain : fine;
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
function timeLabels({ chart, margin, columns }: Page): string[] {
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

function textureOf({ ascii, colour }: TerminalStyle): Texture {
  return ascii ? 'ascii' : colour ? 'dots' : 'shade';
}

function legend({ chart, style, margin }: Page): string {
  const signs = style.ascii ? plain : fine;
  const isMissing = chart.panels.some(({ stretches }) => stretches.some(({ missing }) => missing > 0));
  const parts = [
    `${paint(signs.average, 'line', style)} average`,
    `${paint(bands[textureOf(style)], 'band', style)} min to max`,
    ...(isMissing ? [`${paint(signs.missing, 'missing', style)} readings are missing`] : []),
    `times in ${chart.zone}`,
  ];
  return `${' '.repeat(margin + 1)}${parts.join('   ')}`;
}

/** Neighbours of one ink share their colour. */
function paintCells(cells: readonly Cell[], style: TerminalStyle): string {
  let text = '';
  for (let at = 0; at < cells.length; ) {
    const ink = cells[at]?.ink;
    let end = at;
    while (end < cells.length && cells[end]?.ink === ink) end += 1;
    const part = cells
      .slice(at, end)
      .map(({ character }) => character)
      .join('');
    text += ink === undefined ? part : paint(part, ink, style);
    at = end;
  }
  return text;
}

function paint(text: string, colour: Ink | keyof typeof colours, { colour: isOn }: TerminalStyle): string {
  return isOn && text !== '' ? `${colours[colour]}${text}${RESET}` : text;
}
