/**
 * Makes the stats row of a window from its summary:
 *
 *     sensor,window,start,end,count,min,max,avg[,expected,missing][,statistic...]
 *
 * A window with a duration begins at `start` and ends before `end`. The window `all` goes from the first reading's time to
 * the last one's, which are empty when readings have no time.
 */

import type { WindowSummary } from '../stats/aggregate.ts';
import { type Statistic, show, usual } from '../stats/statistics.ts';
import { formatTime } from './time.ts';

/** The optional parts of a row. */
interface RowShape {
  /** Columns after the usual ones. */
  readonly statistics: readonly Statistic[];
  /** Milliseconds between readings that are due; undefined for rows without completeness. */
  readonly expect: number | undefined;
  /** Decimals of averages and the like; undefined for two more than the input has. */
  readonly decimals: number | undefined;
}

/** The names of the columns. */
export function rowColumns({ statistics, expect }: RowShape): string[] {
  const names = (columns: readonly Statistic[]) => columns.map(({ name }) => name);
  const completeness = expect === undefined ? [] : ['expected', 'missing'];
  return [
    'sensor',
    'window',
    'start',
    'end',
    'count',
    ...names(usual),
    ...completeness,
    ...names(statistics),
  ];
}

/** A function that makes rows: the fields in the order of `rowColumns`, as text. */
export function rowMaker(shape: RowShape): (window: WindowSummary) => string[] {
  const { statistics, expect } = shape;
  return ({ sensor, label, span, summary }) => {
    const decimals = shape.decimals ?? summary.scale + 2;
    const start = span?.start ?? summary.first?.time;
    const end = span?.end ?? summary.last?.time;
    const row = [
      sensor,
      label,
      start === undefined ? '' : formatTime(start),
      end === undefined ? '' : formatTime(end),
      String(summary.count),
    ];
    for (const statistic of usual) row.push(show(statistic, summary, decimals));
    if (expect !== undefined)
      row.push(...completeness(summary.count, dueIn(start, end, span !== undefined, expect)));
    for (const statistic of statistics) row.push(show(statistic, summary, decimals));
    return row;
  };
}

/** Number of readings that are due; from one reading to another, both included, one more than there are steps. */
function dueIn(
  start: number | undefined,
  end: number | undefined,
  endIsExclusive: boolean,
  expect: number,
): number | undefined {
  if (start === undefined || end === undefined) return undefined;
  return Math.floor((end - start) / expect) + (endIsExclusive ? 0 : 1);
}

function completeness(counted: number, due: number | undefined): string[] {
  return due === undefined ? ['', ''] : [String(due), String(Math.max(0, due - counted))];
}
