/** Marks on a chart besides bands and lines: missing readings, and isolated rows. */

import type uPlot from 'uplot';
import { isIncomplete, type Row } from '../data/row.ts';

const STRIP = 5;
const MIN_WIDTH = 3;

interface Marked {
  readonly rows: readonly Row[];
  readonly color: string;
  /** The index of the strip, from the bottom. */
  readonly level: number;
  readonly now: number;
}

/** Draws a strip at the bottom of the chart, under each row with missing readings. */
export function drawMissing(chart: uPlot, { rows, color, level, now }: Marked): void {
  const { left, top, width, height } = chart.bbox;
  const scale = devicePixelRatio;
  const bottom = top + height - level * (STRIP + 1) * scale;
  inPlot(chart, (context) => {
    context.fillStyle = color;
    for (const [at, row] of rows.entries()) {
      if (!isIncomplete(row, now)) continue;
      const from = chart.valToPos(Math.max(row.start, rows[at - 1]?.end ?? row.start), 'x', true);
      const to = chart.valToPos(row.end, 'x', true);
      if (to < left || from > left + width) continue;
      const most = Math.max(to - from, MIN_WIDTH * scale);
      context.fillRect(from, bottom - STRIP * scale, most, STRIP * scale);
    }
  });
}

/** Draws a bar from minimum to maximum at isolated points, where the band has no width. */
export function drawBars(chart: uPlot, points: readonly number[], series: number, color: string): void {
  const scale = chart.series[series]?.scale ?? 'y';
  const [times, highs, lows] = [chart.data[0], chart.data[series - 2], chart.data[series - 1]];
  inPlot(chart, (context) => {
    context.strokeStyle = color;
    context.lineWidth = 4 * devicePixelRatio;
    for (const at of points) {
      const x = chart.valToPos(times[at] ?? 0, 'x', true);
      context.beginPath();
      context.moveTo(x, chart.valToPos(highs?.[at] ?? 0, scale, true));
      context.lineTo(x, chart.valToPos(lows?.[at] ?? 0, scale, true));
      context.stroke();
    }
  });
}

/** Draws clipped to the plotting area. */
export function inPlot({ ctx, bbox }: uPlot, draw: (context: CanvasRenderingContext2D) => void): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx);
  ctx.restore();
}
