/** The lines of the table: rows, newest first, with their numbers as text and the gaps before them. */

import { gapBefore, type Row, rowsIn } from '../data/row.ts';
import { digitsOf, type RowNumber, type RowStyle, rowNumbers } from '../data/row-text.ts';
import type { SensorRows } from '../data/series-json.ts';
import type { Span } from '../data/time-range.ts';

interface Line {
  readonly sensor: string;
  readonly row: Row;
  /** The length of the gap before it in milliseconds; 0 without a gap. */
  readonly gap: number;
}

/** A row with its numbers. */
export interface TableLine extends Line {
  readonly numbers: readonly RowNumber[];
}

/** The rows of a span; those of several sensors mixed. */
export function newestFirst(series: readonly SensorRows[], span: Span): Line[] {
  const lines = series.flatMap(({ sensor, rows }) =>
    rowsIn(rows, span).map((row, at, all) => ({ sensor, row, gap: gapBefore(row, all[at - 1]) })),
  );
  return lines.sort((a, b) => b.row.end - a.row.end);
}

/** The lines with their numbers, all with the same number of decimals. */
export function withNumbers(lines: readonly Line[], style: RowStyle): TableLine[] {
  const digits = digitsOf(lines.map(({ row }) => row));
  return lines.map((line) => ({ ...line, numbers: rowNumbers(line.row, style, digits) }));
}
