/** Turns rows into uPlot's columns: a rolling window is a point at its end, any other window a step. */

import { convert, type Display } from '../data/display-units.ts';
import type { LegendPart } from '../data/legend.ts';
import { overlap, type Row } from '../data/row.ts';

type Values = (number | null)[];

/** Distinct times in epoch ms, ascending, and the values at these times. A null breaks a line. */
type Columns = [times: number[], max: Values, min: Values, avg: Values];

/** The columns of rows sorted by their ends. @param without hidden parts, whose values are null */
export function toColumns(
  rows: readonly Row[],
  display: Display,
  without: readonly LegendPart[] = [],
): Columns {
  const columns: Columns = [[], [], [], []];
  const steps = !overlap(rows);
  const shown = (value: number | null, part: LegendPart) =>
    value === null || without.includes(part) ? null : convert(value, display);
  for (const row of rows) {
    const values = [shown(row.max, 'band'), shown(row.min, 'band'), shown(row.avg, 'average')] as const;
    const start = steps ? Math.min(row.start, row.end) : row.end;
    if (row.gap) add(columns, (lastTime(columns) + start) / 2, [null, null, null]);
    // The riser of a step is 1 ms wide, because uPlot needs distinct times.
    if (steps) add(columns, Math.max(start, lastTime(columns) + 1), values);
    add(columns, row.end, values);
  }
  return columns;
}

/** Appends a point, unless it is out of order. */
function add(columns: Columns, time: number, values: readonly (number | null)[]): void {
  if (!(time > lastTime(columns))) return;
  const [times, ...lines] = columns;
  times.push(time);
  for (const [at, line] of lines.entries()) line.push(values[at] ?? null);
}

function lastTime([times]: Columns): number {
  return times.at(-1) ?? -Infinity;
}

/** The indices of isolated points: without a neighbour there is no line, so they need a dot. */
export function lonely(values: ArrayLike<number | null | undefined>): number[] {
  const found: number[] = [];
  let [before, last]: (number | undefined)[] = [];
  for (let at = 0; at < values.length; at += 1) {
    // undefined: a time of another sensor.
    if (values[at] === undefined) continue;
    if (isAlone(values, before, last, at)) found.push(last ?? at);
    [before, last] = [last, at];
  }
  if (isAlone(values, before, last, -1)) found.push(last ?? 0);
  return found;
}

function isAlone(values: ArrayLike<number | null | undefined>, before = -1, at = -1, after = -1): boolean {
  return (
    (values[at] ?? null) !== null && (values[before] ?? null) === null && (values[after] ?? null) === null
  );
}
