/** A stats row from the server's JSON, and how to find rows by time. */

import { mergeTotals, type Totals } from '../../../stats/bucket.ts';

/** A row as the server sends it; it may have further columns. */
export interface RowJson {
  /** Null if unknown. */
  readonly start: string | null;
  readonly end: string;
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly avg: number | null;
  readonly [column: string]: unknown;
}

export interface Row {
  /** Start and end in epoch ms. */
  readonly start: number;
  readonly end: number;
  readonly count: number;
  /** In the unit of the series; null if no reading was usable. */
  readonly min: number | null;
  readonly max: number | null;
  readonly avg: number | null;
  /** Readings that were due but missing; undefined if the row does not say. */
  readonly missing: number | undefined;
  /** Number of stored rows that this one stands for. */
  readonly rows: number;
  /** Whether rows are missing before this one. */
  readonly gap: boolean;
  /** Further columns, in order. */
  readonly further: readonly (readonly [name: string, value: number | string])[];
}

const KNOWN = new Set('sensor window start end count min max avg missing rows gap unit'.split(' '));

/** Parses the JSON of a row. */
export function toRow(json: RowJson): Row {
  const { start, end, count, min, max, avg, missing, rows, gap } = json;
  return {
    // Without a start, the row is a point at its end.
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

/** Whether windows overlap, as of a rolling hour: such a row is a point at its end, not a time span. */
export function overlap(rows: readonly Row[]): boolean {
  return rows.some(({ start }, at) => start < (rows[at - 1]?.end ?? start));
}

/**
 * The row at a time: the one whose window contains it, else the one with the nearest end. In a gap, before the first row
 * and after the last one, that end must be within `reach` ms.
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

/** The index of the first row that ends at this time or later; the number of rows if none does. */
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

/** Whether a row reports missing readings; those of an open window may still come. */
export function isIncomplete({ missing, end }: Row, now: number): boolean {
  return missing !== undefined && missing > 0 && end <= now;
}

/** The totals of all rows with usable readings; undefined without any. */
export function totalOf(rows: readonly Row[]): Totals | undefined {
  let total: Totals | undefined;
  for (const { count, min, max, avg } of rows) {
    if (min === null || max === null || avg === null) continue;
    const totals = { count, min, max, avg };
    total = total === undefined ? totals : mergeTotals(total, totals);
  }
  return total;
}

/** Where to put the cursor for a row: the end of a rolling window, else the middle of its visible part. */
export function cursorTime(rows: readonly Row[], at: number, from: number, to: number): number {
  const row = rows[at];
  if (row === undefined) return from;
  if (overlap(rows.slice(Math.max(at - 1, 0), at + 2))) return row.end;
  return (Math.max(row.start, from) + Math.min(row.end, to)) / 2;
}

/** The rows that end within a span, and the next one if it began in it: an open window. */
export function rowsIn(rows: readonly Row[], { from, to }: { from: number; to: number }): readonly Row[] {
  const after = firstEndingAt(rows, to);
  const isBegun = (rows[after]?.start ?? to) < to;
  return rows.slice(firstEndingAt(rows, from), isBegun ? after + 1 : after);
}
