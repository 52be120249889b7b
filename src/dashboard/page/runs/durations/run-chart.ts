/** A chart by run: one position per run, a line per series, and crosses for failures. */

import uPlot from 'uplot';
import { sizeOf } from '../../chart/chart-options.ts';
import type { Theme } from '../../shell/theme.ts';

export interface ChartLine {
  readonly color: string;
  readonly dash: readonly number[];
  readonly values: readonly (number | null)[];
  readonly failed: readonly boolean[];
}

export interface RunChartLook {
  readonly lines: readonly ChartLine[];
  /** The axis label of the run at this index. */
  readonly runLabel: (at: number) => string;
  /** The full name of the run at this index. */
  readonly runName: (at: number) => string;
  readonly valueLabel: (value: number) => string;
  /** The tick distances to choose from, for the value axis. */
  readonly steps: readonly number[];
  readonly theme: Theme;
  readonly failedColor: string;
}

export interface RunChart {
  /** Moves the cursor by this many runs. */
  step(by: number): void;
  destroy(): void;
}

/** Charts with this key share a cursor. */
const CURSOR_GROUP = 'runs';
const CROSS = 4;
const VALUES_WIDTH = 74;

/** @param pointed called with the index of the run at the cursor; undefined for none */
export function createRunChart(
  host: HTMLElement,
  look: RunChartLook,
  pointed: (at: number | undefined) => void,
): RunChart {
  const count = Math.max(0, ...look.lines.map(({ values }) => values.length));
  const indices = Array.from({ length: count }, (_, at) => at);
  const chart = new uPlot(
    optionsOf(host, look, count, pointed),
    [indices, ...look.lines.map(({ values }) => [...values])],
    host,
  );
  const sizes = new ResizeObserver(() => chart.setSize(sizeOf(host)));
  sizes.observe(host);
  return {
    step(by) {
      const at = chart.cursor.idx ?? (by < 0 ? count : -1);
      const next = Math.min(count - 1, Math.max(0, at + by));
      chart.setCursor({ left: chart.valToPos(next, 'x'), top: 0 });
    },
    destroy() {
      sizes.disconnect();
      chart.destroy();
    },
  };
}

function optionsOf(
  host: HTMLElement,
  { lines, runLabel, valueLabel, steps, theme, failedColor }: RunChartLook,
  count: number,
  pointed: (at: number | undefined) => void,
): uPlot.Options {
  const axis = {
    stroke: theme.muted,
    font: `12px ${theme.font}`,
    grid: { stroke: theme.grid, width: 1 },
    ticks: { stroke: theme.edge, width: 1, size: 4 },
  };
  return {
    ...sizeOf(host),
    padding: [10, 14, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: false, range: () => [-0.5, Math.max(0.5, count - 0.5)] },
      y: { range: (_, __, max) => [0, max > 0 ? max * 1.06 : 1] },
    },
    axes: [
      {
        ...axis,
        size: 28,
        space: 96,
        incrs: [1, 2, 5, 10, 20, 50, 100],
        values: (_, at) =>
          at.map((each) => (Number.isInteger(each) && each >= 0 && each < count ? runLabel(each) : '')),
      },
      {
        ...axis,
        size: VALUES_WIDTH,
        space: 34,
        incrs: [...steps],
        values: (_, values) => values.map(valueLabel),
      },
    ],
    series: [
      {},
      ...lines.map(({ color, dash }) => ({
        ...{ stroke: color, width: 1.75, dash: [...dash], pxAlign: 0 as const, spanGaps: false },
        points: { show: count < 60, size: 5, fill: color, width: 0 },
      })),
    ],
    cursor: {
      y: false,
      drag: { x: false, y: false, setScale: false },
      points: { size: 8 },
      sync: { key: CURSOR_GROUP, setSeries: false, scales: ['x', null] },
    },
    hooks: {
      draw: [(chart) => drawCrosses(chart, lines, failedColor)],
      setCursor: [({ cursor }) => pointed((cursor.left ?? -1) < 0 ? undefined : (cursor.idx ?? undefined))],
    },
  };
}

function drawCrosses(chart: uPlot, lines: readonly ChartLine[], color: string): void {
  const { ctx } = chart;
  const arm = CROSS * devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.beginPath();
  for (const { values, failed } of lines)
    for (const [at, value] of values.entries()) {
      if (value === null || failed[at] !== true) continue;
      const [x, y] = [chart.valToPos(at, 'x', true), chart.valToPos(value, 'y', true)];
      ctx.moveTo(x - arm, y - arm);
      ctx.lineTo(x + arm, y + arm);
      ctx.moveTo(x + arm, y - arm);
      ctx.lineTo(x - arm, y + arm);
    }
  ctx.stroke();
  ctx.restore();
}
