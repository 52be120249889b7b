/** The options of uPlot: how a chart looks and reacts. Its times are epoch ms. */

import uPlot from 'uplot';
import { convert } from '../data/display-units.ts';
import type { Zone } from '../data/format.ts';
import type { LegendPart } from '../data/legend.ts';
import type { SeriesLook } from '../data/series-look.ts';
import type { Span } from '../data/time-range.ts';
import { type Line, lineOf, type Theme } from '../shell/theme.ts';
import { timeLabels, valueLabels, valueRange } from './axis-labels.ts';
import { lonely } from './chart-columns.ts';
import { type Moves, mouseBindings } from './gestures.ts';

/** What a chart shows, and how. */
export interface ChartSetting {
  readonly looks: readonly SeriesLook[];
  /** Hidden parts. */
  readonly without: readonly LegendPart[];
  readonly zone: Zone;
  readonly theme: Theme;
  readonly moves: Moves;
  /** The server's clock in epoch ms. */
  readonly now: () => number;
}

/** Callbacks for uPlot. */
interface Hooks {
  readonly span: () => Span;
  /** Hidden sensors. */
  readonly hidden: () => readonly string[];
  /** Draw below and above the lines. */
  readonly drawBelow: (chart: uPlot) => void;
  readonly draw: (chart: uPlot) => void;
  readonly cursor: (chart: uPlot) => void;
}

/** Series per sensor: maximum, minimum, average. */
export const SERIES = 3;

const VALUES_WIDTH = 66;
const LETTER_WIDTH = 7.5;
const TIMES_HEIGHT = 40;
const RIGHT = 20;
const DOT = 7;
const SHORTEST_DRAG = 6;
/** Charts with this key share a cursor. */
const CURSOR_GROUP = 'time';

/** The options of a chart in this element. */
export function chartOptions(host: HTMLElement, setting: ChartSetting, hooks: Hooks): uPlot.Options {
  const { looks, theme, moves } = setting;
  const lines = looks.map((_, at) => lineOf(theme, at));
  const scales = scalesOf(looks);
  return {
    ...sizeOf(host),
    ms: 1,
    tzDate: dates(setting.zone),
    // Leaves room on the right for half a label.
    padding: [8, RIGHT, 0, 0],
    legend: { show: false },
    series: [{}, ...lines.flatMap((line, at) => seriesOf(line, scaleOf(looks, at)))],
    bands: lines.map(({ band }, at) => bandOf(at, lines.length === 1 ? theme.lines[0]?.band : dimmed(band))),
    scales: {
      x: { time: true, range: () => [hooks.span().from, hooks.span().to] },
      ...Object.fromEntries(scales.map((scale) => [scale.name, { range: rangeOf(scale, setting, hooks) }])),
    },
    axes: [timeAxis(setting), ...scales.map((scale, at) => valueAxis(setting, scale, at))],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: SHORTEST_DRAG },
      points: {
        size: (_, at) => (at % SERIES === 0 ? DOT + 1 : 0),
        width: (_, at) => (at % SERIES === 0 ? 2 : 0),
      },
      bind: mouseBindings(moves),
      sync: {
        key: CURSOR_GROUP,
        setSeries: false,
        scales: ['x', null],
        filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' },
      },
    },
    hooks: {
      drawAxes: [hooks.drawBelow],
      draw: [hooks.draw],
      setCursor: [hooks.cursor],
      setSelect: [(chart) => zoomToSelection(chart, moves)],
    },
  };
}

/** A value scale, shared by the series of one unit. */
interface ValueScale {
  readonly name: string;
  readonly looks: readonly SeriesLook[];
}

/** The scale of a series: the first unit is on the left axis, any other on the right. */
export function scaleOf(looks: readonly SeriesLook[], at: number): string {
  return looks[at]?.display.sign === looks[0]?.display.sign ? 'y' : 'y2';
}

function scalesOf(looks: readonly SeriesLook[]): ValueScale[] {
  const all = ['y', 'y2'].map((name) => ({
    name,
    looks: looks.filter((_, at) => scaleOf(looks, at) === name),
  }));
  return all.filter(({ looks }) => looks.length > 0);
}

function rangeOf({ looks }: ValueScale, { without }: ChartSetting, hooks: Hooks): uPlot.Range.Function {
  const sign = looks[0]?.display.sign ?? '';
  const limitsOf = ({ limits: { min, max }, display }: SeriesLook) =>
    [min, max].flatMap((limit) => (limit === undefined ? [] : [convert(limit, display)]));
  return (_, min, max) => {
    const hidden = hooks.hidden();
    const drawn = without.includes('limits') ? [] : looks.filter(({ sensor }) => !hidden.includes(sensor));
    return valueRange(min, max, { sign, limits: drawn.flatMap(limitsOf) });
  };
}

/** The size of a chart in this element, in pixels. */
export function sizeOf({ clientWidth, clientHeight }: HTMLElement): { width: number; height: number } {
  return { width: Math.max(clientWidth, 120), height: Math.max(clientHeight, 80) };
}

function dates(zone: Zone): uPlot.LocalDateFromUnix {
  return (time) => (zone === 'utc' ? uPlot.tzDate(new Date(time), 'UTC') : new Date(time));
}

function seriesOf({ color, dash }: Line, scale: string): uPlot.Series[] {
  const edge: uPlot.Series = { scale, width: 0, points: { show: false } };
  return [
    edge,
    edge,
    {
      scale,
      stroke: color,
      width: 1.75,
      // Snapped to whole pixels, a slow change would look like stairs.
      pxAlign: 0,
      dash,
      points: {
        show: false,
        size: DOT,
        fill: color,
        width: 0,
        filter: (chart, at) => lonely(chart.data[at] ?? []),
      },
    },
  ];
}

function bandOf(at: number, fill: string | undefined): uPlot.Band {
  const highest = 1 + at * SERIES;
  return { series: [highest, highest + 1], ...(fill !== undefined && { fill }) };
}

/** A band at half strength, for charts where bands overlap. */
function dimmed(color: string): string {
  return `${color.slice(0, 7)}1f`;
}

function timeAxis({ theme, zone }: ChartSetting): uPlot.Axis {
  return {
    ...axisOf(theme),
    size: TIMES_HEIGHT,
    space: 64,
    values: (_, times, __, ___, apart) => timeLabels(times, apart, zone),
  };
}

/** The value axis: on the left, or on the right for a second unit, without grid lines, which would cross the first's. */
function valueAxis({ theme }: ChartSetting, { name, looks }: ValueScale, at: number): uPlot.Axis {
  const axis = axisOf(theme);
  const display = looks[0]?.display ?? { sign: '' };
  return {
    ...axis,
    ...(at > 0 && { side: 1, grid: { show: false } }),
    scale: name,
    size: (_, labels) => Math.max(VALUES_WIDTH, ...(labels ?? []).map(widthOf)),
    space: 32,
    values: (_, values, __, ___, apart) => valueLabels(values, apart, display),
  };
}

/** Estimated width in pixels of an axis with this label, with tick and gap. */
function widthOf(label: string): number {
  return label.length * LETTER_WIDTH + 12;
}

function axisOf({ muted, grid, edge, font }: Theme): uPlot.Axis {
  return {
    stroke: muted,
    font: `12px ${font}`,
    grid: { stroke: grid, width: 1 },
    ticks: { stroke: edge, width: 1, size: 4 },
    gap: 4,
  };
}

function zoomToSelection(chart: uPlot, { zoomTo }: Moves): void {
  const { left, width } = chart.select;
  if (width < SHORTEST_DRAG) return;
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  zoomTo({ from: chart.posToVal(left, 'x'), to: chart.posToVal(left + width, 'x') });
}
