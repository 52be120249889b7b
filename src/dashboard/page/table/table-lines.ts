/** The lines of the table, newest first: rows with formatted numbers, and the gaps between them. */

import { isGap } from '../../../stats/gaps.ts';
import { groupedBy } from '../data/grouping.ts';
import { overlap, type Row, rowsIn } from '../data/row.ts';
import { digitsOf, type RowNumber, type RowStyle, rowNumbers } from '../data/row-text.ts';
import type { Entry, SensorRows } from '../data/series-json.ts';
import type { SeriesLook } from '../data/series-look.ts';
import type { Span } from '../data/time-range.ts';

/** A row of a sensor. */
interface RowLine {
  readonly sensor: string;
  readonly row: Row;
}

/** A time span without rows of a sensor, in epoch ms. */
export interface GapLine extends Span {
  readonly sensor: string;
}

type Line = RowLine | GapLine;

/** A row with its numbers. */
export interface NumberedLine extends RowLine {
  readonly numbers: readonly RowNumber[];
}

/** Where rows are expected. */
interface Bounds extends Span {
  /** The current time in epoch ms: readings of open windows are not missing yet. */
  readonly now: number;
  /** The series of the window. */
  readonly entries: readonly Entry[];
}

/** The rows and gaps of a span, with all sensors interleaved. */
export function newestFirst(series: readonly SensorRows[], bounds: Bounds): Line[] {
  const lines = series.flatMap((each) => [
    ...rowsIn(each.rows, bounds).map((row) => ({ sensor: each.sensor, row })),
    ...gapsOf(each, bounds),
  ]);
  // A gap is older than the row that ends it.
  return lines.sort((a, b) => endOf(b) - endOf(a) || Number('row' in b) - Number('row' in a));
}

function endOf(line: Line): number {
  return 'row' in line ? line.row.end : line.to;
}

/** The gaps: between rows, and at both ends of the span, but not before the first row of the series. */
function gapsOf({ sensor, rows, step }: SensorRows, { from, to, now, entries }: Bounds): GapLine[] {
  const entry = entries.find((each) => each.sensor === sensor);
  const usual = entry?.every === undefined ? undefined : Math.max(entry.every, step * 1000);
  const isRolling = overlap(rows);
  const earlier = rows.findLast(({ end }) => end < from)?.end;
  const gaps: GapLine[] = [];
  let last = earlier ?? ((entry?.from ?? from) < from ? from : undefined);
  const look = (end: number, start: number) => {
    if (last !== undefined && isGap(end - last, usual))
      gaps.push({ sensor, from: Math.max(last, from), to: Math.max(start, last) });
    last = end;
  };
  for (const { start, end } of rowsIn(rows, { from, to })) look(end, isRolling ? end : start);
  const end = Math.min(to, now);
  if (last === undefined || end > last) look(end, end);
  return gaps;
}

/** How the rows of all sensors are displayed. */
export interface TableStyle extends Pick<RowStyle, 'zone' | 'now'> {
  look(sensor: string): SeriesLook;
}

/** Adds formatted numbers to the rows; all rows of a unit have the same number of decimals. */
export function withNumbers(lines: readonly Line[], style: TableStyle): (NumberedLine | GapLine)[] {
  const rows = lines.filter((line) => 'row' in line);
  const byUnit = groupedBy(rows, ({ sensor }) => style.look(sensor).display.sign);
  const digits = new Map([...byUnit].map(([sign, own]) => [sign, digitsOf(own.map(({ row }) => row))]));
  return lines.map((line) => {
    if (!('row' in line)) return line;
    const look = style.look(line.sensor);
    const shown = { ...look, zone: style.zone, now: style.now, isExact: true };
    return { ...line, numbers: rowNumbers(line.row, shown, digits.get(look.display.sign)) };
  });
}
