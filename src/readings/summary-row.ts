/**
 * Makes the stats row of a window from its summary:
 *
 *     sensor,window,start,end,count,min,max,avg[,expected,missing][,statistic...][,unit]
 *
 * A window with a duration begins at `start` and ends before `end`. The window `all` spans the times of the first and last
 * reading, which are empty if readings have no time.
 */

import type { Column } from '../lines/format-rows.ts';
import type { WindowSummary } from '../stats/aggregate.ts';
import { type Statistic, show, usual } from '../stats/statistics.ts';
import type { Summary } from '../stats/summary.ts';
import { valueFor } from './by-sensor.ts';
import { UNIT_COLUMN, type UnitRule } from './series-units.ts';
import { statsColumns } from './stats-row.ts';
import { formatTime } from './time.ts';

/** The optional parts of a row. */
export interface RowShape {
  /** Columns after the usual ones. */
  readonly statistics: readonly Statistic[];
  /** The expected interval between readings in milliseconds; undefined for rows without completeness. */
  readonly expect: number | undefined;
  /** Decimal places of averages and the like; undefined for two more than the input has. */
  readonly decimals: number | undefined;
  /** The units of sensors' values; without any rule, rows have no such column. */
  readonly units: readonly UnitRule[];
}

/** The columns. Sensor names and units come from outside, so they may need quotes. */
export function rowColumns({ statistics, expect, units }: RowShape): Column[] {
  const completeness = expect === undefined ? [] : ['expected', 'missing'];
  const typeOf = ({ isTime }: Statistic) => (isTime ? 'text' : 'number');
  return [
    ...statsColumns.map((column) => ({ ...column, isPlain: column.name !== 'sensor' })),
    ...completeness.map((name) => ({ name, type: 'number' as const, isPlain: true })),
    ...statistics.map((each) => ({ name: each.name, type: typeOf(each), isPlain: true }) as const),
    ...(units.length === 0 ? [] : [{ name: UNIT_COLUMN, type: 'text' as const }]),
  ];
}

/** A function that makes rows: the fields in the order of `rowColumns`, as text. */
export function rowMaker(shape: RowShape): (window: WindowSummary) => string[] {
  const { statistics, expect, units } = shape;
  const unitOf = units.length === 0 ? undefined : remembered((sensor) => valueFor(units, sensor) ?? '');
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
    for (const statistic of statistics) row.push(shown(statistic, summary, decimals));
    if (unitOf !== undefined) row.push(unitOf(sensor));
    return row;
  };
}

/** A number, or a time as RFC 3339. */
function shown(statistic: Statistic, summary: Summary, decimals: number): string {
  const digits = show(statistic, summary, decimals);
  return statistic.isTime && digits !== '' ? formatTime(Number(digits)) : digits;
}

/** Caches the last answer, because rows come sensor by sensor. */
function remembered(ask: (sensor: string) => string): (sensor: string) => string {
  let last: string | undefined;
  let answer = '';
  return (sensor) => {
    if (sensor !== last) [last, answer] = [sensor, ask(sensor)];
    return answer;
  };
}

/** Number of readings due; between two readings, both included, it is one more than the number of intervals. */
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
