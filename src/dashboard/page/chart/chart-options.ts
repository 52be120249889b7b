/** The options of uPlot: how a chart looks and what it reacts to. Its times are epoch milliseconds. */

import uPlot from 'uplot';
import type { Unit } from '../data/display-units.ts';
import type { Zone } from '../data/format.ts';
import type { Span } from '../data/time-range.ts';
import { type Line, lineOf, type Theme } from '../shell/theme.ts';
import { timeLabels, valueLabels, valueRange } from './axis-labels.ts';
import { lonely } from './chart-columns.ts';
import { type Moves, mouseBindings } from './gestures.ts';

/** What a chart shows, and how. */
export interface ChartSetting {
  readonly sensors: readonly string[];
  readonly unit: Unit;
  readonly zone: Zone;
  readonly theme: Theme;
  readonly moves: Moves;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What uPlot calls, and asks for. */
interface Hooks {
  readonly span: () => Span;
  readonly draw: (chart: uPlot) => void;
  readonly cursor: (chart: uPlot) => void;
}

/** Each sensor has three series: maximum, minimum, average. */
export const SERIES = 3;

const VALUES_WIDTH = 54;
const TIMES_HEIGHT = 40;
const RIGHT = 20;
const DOT = 7;
const SHORTEST_DRAG = 6;
/** Charts with this key have one cursor. */
const TOGETHER = 'time';

/** The options of a chart in this element. */
export function chartOptions(host: HTMLElement, setting: ChartSetting, hooks: Hooks): uPlot.Options {
  const { sensors, theme, moves } = setting;
  const lines = sensors.map((_, at) => lineOf(theme, at));
  return {
    ...sizeOf(host),
    ms: 1,
    tzDate: dates(setting.zone),
    // On the right there is room for half a label.
    padding: [8, RIGHT, 0, 0],
    legend: { show: false },
    series: [{}, ...lines.flatMap(seriesOf)],
    bands: lines.map(({ band }, at) => bandOf(at, lines.length === 1 ? theme.lines[0]?.band : dimmed(band))),
    scales: {
      x: { time: true, range: () => [hooks.span().from, hooks.span().to] },
      y: { range: (_, min, max) => valueRange(min, max) },
    },
    axes: [timeAxis(setting), valueAxis(setting)],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false, dist: SHORTEST_DRAG },
      points: {
        size: (_, at) => (at % SERIES === 0 ? DOT + 1 : 0),
        width: (_, at) => (at % SERIES === 0 ? 2 : 0),
      },
      bind: mouseBindings(moves),
      sync: {
        key: TOGETHER,
        setSeries: false,
        scales: ['x', null],
        filters: { pub: (type) => type === 'mousemove' || type === 'mouseleave' },
      },
    },
    hooks: {
      draw: [hooks.draw],
      setCursor: [hooks.cursor],
      setSelect: [(chart) => zoomToSelection(chart, moves)],
    },
  };
}

/** The size of a chart in this element, in pixels. */
export function sizeOf({ clientWidth, clientHeight }: HTMLElement): { width: number; height: number } {
  return { width: Math.max(clientWidth, 120), height: Math.max(clientHeight, 80) };
}

function dates(zone: Zone): uPlot.LocalDateFromUnix {
  return (time) => (zone === 'utc' ? uPlot.tzDate(new Date(time), 'UTC') : new Date(time));
}

function seriesOf({ color, dash }: Line): uPlot.Series[] {
  const edge: uPlot.Series = { width: 0, points: { show: false } };
  return [
    edge,
    edge,
    {
      stroke: color,
      width: 1.75,
      // On whole pixels a slow change would look like stairs.
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

/** Bands that lie over each other are half as strong. */
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

function valueAxis({ theme }: ChartSetting): uPlot.Axis {
  return {
    ...axisOf(theme),
    size: VALUES_WIDTH,
    space: 32,
    values: (_, values, __, ___, apart) => valueLabels(values, apart),
  };
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
