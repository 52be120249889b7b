/**
 * A chart as a self-contained SVG file, in the viewer's light or dark scheme.
 */

import { mapYielding } from '../async/yield-to-event-loop.ts';
import {
  type Chart,
  lacksReadings,
  type Panel,
  type Point,
  pointsOf,
  segmentsOf,
  timesLacking,
} from './chart.ts';
import { cut, printable } from './display-text.ts';
import { type Scale, valueScale } from './scale.ts';
import { escapeXml, hundredths, type LabelStyle, label, styleSheet, textWidth } from './svg-parts.ts';
import { datesOf, timeTicks } from './time-axis.ts';

export interface PictureSize {
  /** Width of the whole picture in pixels. */
  readonly width: number;
  /** Height of each plotting area in pixels. */
  readonly height: number;
}

interface PictureStyle extends PictureSize {
  /** A CSS font-family list. */
  readonly fonts: string;
}

/** The top margin, and the heights of the parts, in pixels. */
const TOP = 16;
const TITLE = 30;
const HEADING = 46;
/** The left and right margin. */
const MARGIN = 24;
const BELOW = 22;
const AXIS = 44;
const LEGEND = 34;
const FONT_SIZE = 12;
/** Width in pixels of a digit on an axis, for DejaVu Sans, which is wider than most fonts. */
const DIGIT_WIDTH = 7.7;
/** Space between the entries of the legend, and between a symbol and its label. */
const ENTRY_GAP = 14;
const SYMBOL_GAP = 8;
/** Minimum distance between ticks in pixels. */
const TICK_DISTANCE = 34;

interface Layout {
  readonly chart: Chart;
  readonly style: PictureStyle;
  /** The left and right edges of the plotting areas in pixels. */
  readonly left: number;
  readonly right: number;
}

/** The height of the whole picture in pixels. */
export function heightOf(chart: Chart, { height }: PictureSize): number {
  const title = chart.title === undefined ? 0 : TITLE;
  return TOP + title + chart.panels.length * (HEADING + height + BELOW) + AXIS - BELOW + LEGEND;
}

/** The SVG file. */
export async function drawSvg(chart: Chart, style: PictureStyle): Promise<string> {
  const ticks = Math.max(2, Math.floor(style.height / TICK_DISTANCE) + 1);
  const scales = await mapYielding(chart.panels, ({ low, high, unit }) =>
    valueScale(...padded(low, high), ticks, unit),
  );
  const widest = scales
    .flatMap((scale) => scale.ticks)
    .reduce((most, { label }) => Math.max(most, label.length), 0);
  const layout: Layout = {
    chart,
    style,
    left: MARGIN + widest * DIGIT_WIDTH + 8,
    right: style.width - MARGIN,
  };
  let y = TOP;
  const parts: string[] = [];
  if (chart.title !== undefined) {
    parts.push(line(chart.title, { y: y + 16, size: 18, kind: 'name' }, style));
    y += TITLE;
  }
  const drawn = await mapYielding(chart.panels, (panel, at) => {
    const scale = scales[at];
    const top = y + at * (HEADING + style.height + BELOW);
    return scale === undefined ? '' : drawPanel(panel, scale, top, layout);
  });
  y += drawn.length * (HEADING + style.height + BELOW);
  parts.push(...drawn, timeLabels(y - BELOW, layout), legend(y - BELOW + AXIS + 14, layout));
  return document(chart, style, parts.join('\n'));
}

/** Adds some room above and below. */
function padded(low: number, high: number): [number, number] {
  const air = (high - low) * 0.06;
  return [low - air, high + air];
}

function document(chart: Chart, style: PictureStyle, content: string): string {
  const height = heightOf(chart, style);
  const title = chart.title ?? chart.panels.map(({ sensor }) => sensor).join(', ');
  const description = chart.panels.map(
    ({ sensor, window, summary }) => `${sensor} ${window}: ${summary.join(', ')}`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${style.width}" height="${height}" viewBox="0 0 ${style.width} ${height}" role="img" aria-labelledby="title description">
<title id="title">${escapeXml(title)}</title>
<desc id="description">${escapeXml(description.join('; '))}</desc>
<style>${styleSheet(style.fonts)}</style>
<rect class="paper" width="100%" height="100%"/>
${content}
</svg>
`;
}

function drawPanel(panel: Panel, scale: Scale, top: number, layout: Layout): string {
  const { chart, style, left, right } = layout;
  const [above, below] = [top + HEADING, top + HEADING + style.height];
  const y = (value: number) => below - ((value - scale.low) / (scale.high - scale.low)) * style.height;
  const segments = segmentsOf(panel, chart, right - left);
  return [
    line(panel.sensor || '(no name)', { y: top + 14, size: 15, kind: 'name' }, style),
    line([panel.window, ...panel.summary].join('   '), { y: top + 32, size: FONT_SIZE, kind: 'text' }, style),
    ...scale.ticks.map(({ at, label: text }) =>
      [
        `<path class="grid" d="M${left} ${hundredths(y(at))}H${right}"/>`,
        label(text, { x: left - 8, y: y(at) + 4, size: FONT_SIZE, kind: 'axis', anchor: 'end' }),
      ].join(''),
    ),
    ...ticksOf(layout).map(
      ({ at }) => `<path class="grid" d="M${hundredths(xOf(at, layout))} ${above}V${below}"/>`,
    ),
    `<clipPath id="at${top}"><rect x="${left}" y="${above}" width="${right - left}" height="${style.height}"/></clipPath>`,
    `<g clip-path="url(#at${top})">`,
    ...segments.map((segment) => drawSegment(pointsOf(segment, panel), y, layout)),
    '</g>',
    `<path class="base" d="M${left} ${below}H${right}"/>`,
    ...timesLacking(segments, chart).map((at) => marker(xOf(at, layout), below)),
  ].join('\n');
}

/** A line of text from the left margin, truncated to the width of the picture. */
function line(text: string, place: Pick<LabelStyle, 'y' | 'size' | 'kind'>, { width }: PictureStyle): string {
  const shown = cut(printable(text), width - 2 * MARGIN, (part) => textWidth(part, place));
  return label(shown, { ...place, x: MARGIN, anchor: 'start' });
}

function drawSegment(points: readonly Point[], y: (value: number) => number, layout: Layout): string {
  const at = (value: number, time: number) => `${hundredths(xOf(time, layout))} ${hundredths(y(value))}`;
  const highest = points.map(({ at: time, max }) => at(max, time));
  const lowest = points.map(({ at: time, min }) => at(min, time)).reverse();
  const averages = points.map(({ at: time, avg }) => at(avg, time));
  return `<path class="band" d="M${[...highest, ...lowest].join('L')}z"/><path class="line" d="M${averages.join('L')}"/>`;
}

function marker(x: number, y: number): string {
  return `<path class="missing" d="M${hundredths(x)} ${y - 7}l4 7h-8z"/>`;
}

function xOf(time: number, { chart, left, right }: Layout): number {
  return left + ((time - chart.from) / (chart.to - chart.from)) * (right - left);
}

function ticksOf({ chart, left, right }: Layout) {
  return timeTicks(chart.from, chart.to, (right - left) / (DIGIT_WIDTH + 3), chart.offsetAt);
}

function timeLabels(y: number, layout: Layout): string {
  const ticks = ticksOf(layout);
  const times = ticks.map(({ at, label }) => centred(label, xOf(at, layout), y + 18, layout));
  const dates = datesOf(ticks).map(({ at, date }) => centred(date, xOf(at, layout), y + 34, layout));
  return [...times, ...dates].join('\n');
}

/** A label centred on `x`, but kept inside the picture. */
function centred(text: string, x: number, y: number, { style }: Layout): string {
  const half = (text.length * DIGIT_WIDTH) / 2 + 4;
  const inside = Math.max(half, Math.min(x, style.width - half));
  return label(text, { x: inside, y, size: FONT_SIZE, kind: 'axis', anchor: 'middle' });
}

function legend(y: number, { chart, right }: Layout): string {
  const style = { y: y + 4, size: FONT_SIZE, kind: 'text' } as const;
  const widthOf = (words: string) => textWidth(words, style);
  const parts: string[] = [];
  let x = MARGIN;
  const add = (sign: string, width: number, words: string) => {
    parts.push(sign, label(words, { ...style, x: x + width + SYMBOL_GAP, anchor: 'start' }));
    x += width + SYMBOL_GAP + widthOf(words) + ENTRY_GAP;
  };
  add(`<path class="line" d="M${x} ${y}h22"/>`, 22, 'average');
  add(
    `<rect class="band" x="${hundredths(x)}" y="${y - 6}" width="22" height="12"/>`,
    22,
    'minimum to maximum',
  );
  if (lacksReadings(chart)) add(marker(x + 4, y + 4), 8, 'readings are missing');
  const zone = cut(`times in ${chart.zone}`, right - x, widthOf);
  return [...parts, label(zone, { ...style, x: right, anchor: 'end' })].join('');
}
