/** Draws the band and the line on a canvas. */

import type { Canvas } from './canvas.ts';
import type { Chart, Point } from './chart.ts';
import type { Scale } from './scale.ts';
import { xOf } from './text-axis.ts';

/** Draws the points of a segment, between two gaps. */
export function drawSegment(canvas: Canvas, points: readonly Point[], scale: Scale, chart: Chart): void {
  let before: Dots | undefined;
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

/** In canvas dots. */
interface Dots {
  readonly x: number;
  readonly low: number;
  readonly high: number;
  readonly avg: number;
}

/** Draws the columns between two points, with the band and the line interpolated linearly. */
function drawStep(canvas: Canvas, from: Dots, to: Dots): void {
  // The first point may be left of the canvas; no line joins it to the edge.
  let last = from.x < 0 ? undefined : from.avg;
  for (let x = Math.max(0, from.x); x <= Math.min(to.x, canvas.width - 1); x++) {
    const part = to.x === from.x ? 1 : (x - from.x) / (to.x - from.x);
    const between = (one: number, other: number) => Math.round(one + (other - one) * part);
    const bottom = Math.min(between(from.low, to.low), canvas.height - 1);
    for (let y = Math.max(0, between(from.high, to.high)); y <= bottom; y++) canvas.draw('band', x, y);
    const avg = between(from.avg, to.avg);
    const before = last ?? avg;
    for (let y = Math.min(before, avg); y <= Math.max(before, avg); y++)
      if (y === avg || y !== before) canvas.draw('line', x, y);
    last = avg;
  }
}

/** The row of dots for a value, from the top; a value outside the scale lands just off the canvas. */
export function yOf(value: number, { low, high }: Scale, height: number): number {
  const y = Math.round(((high - value) / (high - low)) * (height - 1));
  return Math.max(-1, Math.min(height, y));
}
