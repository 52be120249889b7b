/** A stats row out of the JSON of the server, and how to find rows by time. */

import { mergeTotals, type Totals } from '../../../stats/bucket.ts';

/** A row as the server sends it, with any further columns. */
export interface RowJson {
  /** Null where nobody knows. */
  readonly start: string | null;
  readonly end: string;
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly avg: number | null;
  readonly [column: string]: unknown;
}

export interface Row {
  /** Start and end in epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly count: number;
  /** In the unit of the series; null where no reading was usable. */
  readonly min: number | null;
  readonly max: number | null;
  readonly avg: number | null;
  /** Readings that were due and did not come; undefined where the row does not say. */
  readonly missing: number | undefined;
  /** Number of rows that this one stands for. */
  readonly rows: number;
  /** Rows are missing before this one. */
  readonly gap: boolean;
  /** Any further columns, in their order. */
  readonly further: readonly (readonly [name: string, value: number | string])[];
}

const KNOWN = new Set('sensor window start end count min max avg missing rows gap unit'.split(' '));

/** The row of its JSON. */
export function toRow(json: RowJson): Row {
  const { start, end, count, min, max, avg, missing, rows, gap } = json;
  return {
    // Then it stands for its end.
    start: Date.parse(start ?? end),
    end: Date.parse(end),
    count,
    min: min ?? null,
    max: max ?? null,
    avg: avg ?? null,
    missing: typeof missing === 'number' ? missing : undefined,
    rows: typeof rows === 'number' ? rows : 1,
    gap: gap === true,
    further: Object.entries(json).flatMap(([name, value]) =>
      KNOWN.has(name) || (typeof value !== 'number' && typeof value !== 'string')
        ? []
        : [[name, value] as const],
    ),
  };
}

/** Whether windows overlap, as those of a rolling hour do: such a row stands for its end, not for a stretch of time. */
export function overlap(rows: readonly Row[]): boolean {
  return rows.some(({ start }, at) => start < (rows[at - 1]?.end ?? start));
}

/**
 * The row at a time: the one whose window holds it, else the one with the nearest end. In a gap, before the first row
 * and after the last one it has to be within `reach` milliseconds.
 */
export function rowAt(rows: readonly Row[], time: number, reach: number): Row | undefined {
  const at = firstEndingAt(rows, time);
  const [before, next] = [rows[at - 1], rows[at]];
  if (next !== undefined && next.start <= time && !overlap(rows.slice(Math.max(at - 1, 0), at + 2)))
    return next;
  const nearest = nearestEnd(before, next, time);
  const between = before !== undefined && next !== undefined && !next.gap;
  return between || (nearest !== undefined && Math.abs(nearest.end - time) <= reach) ? nearest : undefined;
}

function nearestEnd(before: Row | undefined, next: Row | undefined, time: number): Row | undefined {
  if (before === undefined || next === undefined) return before ?? next;
  return time - before.end < next.end - time ? before : next;
}

/** The index of the first row that ends at this time or later; the number of rows when none does. */
export function firstEndingAt(rows: readonly Row[], time: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.end ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether a row says that readings are missing; those of a window that is not over may still come. */
export function isIncomplete({ missing, end }: Row, now: number): boolean {
  return missing !== undefined && missing > 0 && end <= now;
}

/** The totals of all rows with a usable reading; undefined without any. */
export function totalOf(rows: readonly Row[]): Totals | undefined {
  let total: Totals | undefined;
  for (const { count, min, max, avg } of rows) {
    if (min === null || max === null || avg === null) continue;
    const totals = { count, min, max, avg };
    total = total === undefined ? totals : mergeTotals(total, totals);
  }
  return total;
}

/** The time at which a cursor is at a row: the end of a rolling window, the middle of what is shown of another one. */
export function cursorTime(rows: readonly Row[], at: number, from: number, to: number): number {
  const row = rows[at];
  if (row === undefined) return from;
  if (overlap(rows.slice(Math.max(at - 1, 0), at + 2))) return row.end;
  return (Math.max(row.start, from) + Math.min(row.end, to)) / 2;
}

/** Rows that end in a stretch of time, and the one after it that began in it: its window goes on. */
export function rowsIn(rows: readonly Row[], { from, to }: { from: number; to: number }): readonly Row[] {
  const after = firstEndingAt(rows, to);
  const isBegun = (rows[after]?.start ?? to) < to;
  return rows.slice(firstEndingAt(rows, from), isBegun ? after + 1 : after);
}
