/** The band and the line on a canvas, dot by dot. */

import type { Canvas } from './canvas.ts';
import type { Chart, Point } from './chart.ts';
import type { Scale } from './scale.ts';
import { xOf } from './text-axis.ts';

/** Draws the points between two gaps. */
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

/** In dots of the canvas. */
interface Dots {
  readonly x: number;
  readonly low: number;
  readonly high: number;
  readonly avg: number;
}

/** Draws all columns between two points, the band and the line straight from one to the other. */
function drawStep(canvas: Canvas, from: Dots, to: Dots): void {
  // A point before the canvas is not connected to its edge.
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

/** The row of dots of a value, from the top; a value outside the scale is just outside the canvas. */
export function yOf(value: number, { low, high }: Scale, height: number): number {
  const y = Math.round(((high - value) / (high - low)) * (height - 1));
  return Math.max(-1, Math.min(height, y));
}
