/** A stats row as the page works with it, out of the JSON that the server sends. */

/** What the server sends, of which more may come. */
export interface RowJson {
  readonly start: string;
  readonly end: string;
  readonly count: number;
  readonly min: number | null;
  readonly max: number | null;
  readonly avg: number | null;
  readonly [column: string]: unknown;
}

export interface Row {
  /** Epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  readonly count: number;
  /** In °C; null where no reading was usable. */
  readonly min: number | null;
  readonly max: number | null;
  readonly avg: number | null;
  /** Readings that were due and did not come; undefined where nobody said how many are due. */
  readonly missing: number | undefined;
  /** How many rows this one stands for. */
  readonly rows: number;
  /** Rows are missing before this one. */
  readonly gap: boolean;
  /** Any further columns, in their order. */
  readonly further: readonly (readonly [name: string, value: number | string])[];
}

const KNOWN = new Set('sensor window start end count min max avg missing rows gap'.split(' '));

export function toRow(json: RowJson): Row {
  const { start, end, count, min, max, avg, missing, rows, gap } = json;
  return {
    start: Date.parse(start),
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

/** Whether windows overlap, as those of a rolling hour do: then a row says something of its end, not of a stretch. */
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

export interface Total {
  readonly min: number | null;
  readonly max: number | null;
  readonly avg: number | null;
  readonly count: number;
}

/** All rows as one; the average is weighted by their counts. */
export function total(rows: readonly Row[]): Total {
  let [min, max, sum, count] = [Infinity, -Infinity, 0, 0];
  for (const row of rows) {
    if (row.min === null || row.max === null || row.avg === null) continue;
    min = Math.min(min, row.min);
    max = Math.max(max, row.max);
    sum += row.avg * row.count;
    count += row.count;
  }
  return count === 0 ? { min: null, max: null, avg: null, count } : { min, max, avg: sum / count, count };
}

/** The time at which a cursor is at a row: the end of a rolling window, the middle of what is shown of another one. */
export function placeOf(rows: readonly Row[], at: number, from: number, to: number): number {
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
