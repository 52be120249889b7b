/** Whether rows of a longer window have what rows of a shorter one say. */

import { type Span, spanOf } from '../readings/row-span.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import type { StoreReader } from '../stores/reader.ts';
import type { Kept } from './keep-list.ts';

/** More than a day of any zone is longer than 24 hours. */
const CLOCKS_BACK_MS = 3 * 3_600_000;

/** A row of the longer window, and the rows of the shorter one within it. */
interface Whole extends Span {
  readonly count: number;
  readonly parts: StatsRow[];
}

/** Rows of a shorter window, in the order of their ends. */
export interface Told {
  /** A row of the longer window has what they say. */
  readonly covered: StatsRow[];
  readonly waiting: StatsRow[];
}

/**
 * Tells which rows of a sensor are covered by its rows of a longer window. They come in the order of their ends.
 *
 * Memory: the rows within one row of the longer window.
 */
export class Coverage {
  readonly #reader: StoreReader;
  readonly #sensor: string;
  readonly #coarser: Kept;
  /** Rows of the longer window that may still get parts, in the order of their ends. */
  #open: Whole[] = [];
  /** Rows of the longer window that end before this were read: epoch milliseconds. */
  #readTo = Number.NEGATIVE_INFINITY;

  /** @param reader one whose series were listed */
  constructor(reader: StoreReader, sensor: string, coarser: Kept) {
    this.#reader = reader;
    this.#sensor = sensor;
    this.#coarser = coarser;
  }

  /** How far behind a row others may be within the same row of the longer window: milliseconds. */
  get reachMs(): number {
    return this.#coarser.lengthMs + CLOCKS_BACK_MS;
  }

  /** Tells of rows, but for the last ones if more may follow them. @throws Failure as the reader does */
  async tell(rows: readonly StatsRow[]): Promise<Told> {
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) return { covered: [], waiting: [] };
    await this.#read(spanOf(first).end, spanOf(last).end);
    const waiting: StatsRow[] = [];
    let at = 0;
    for (const row of rows) {
      const { start, end } = spanOf(row);
      while (at < this.#open.length && (this.#open[at]?.end ?? 0) < end) at++;
      const whole = this.#open[at];
      if (whole !== undefined && whole.start <= start) whole.parts.push(row);
      else waiting.push(row);
    }
    if (this.#open[at]?.end === spanOf(last).end) at++;
    return told(this.#open.splice(0, at), waiting);
  }

  /** Tells of the last ones. */
  end(): Told {
    return told(this.#open.splice(0), []);
  }

  /** Reads the rows of the longer window that may have rows with these ends. */
  async #read(first: number, last: number): Promise<void> {
    const { window } = this.#coarser;
    const range = { from: Math.max(first, this.#readTo), to: last + this.reachMs };
    for await (const batch of this.#reader.rows({ sensor: this.#sensor, window, ...range }))
      for (const row of batch) this.#open.push({ ...spanOf(row), count: row.count, parts: [] });
    this.#readTo = range.to;
  }
}

/** A row of the longer window covers its parts unless it counts fewer readings than they do. */
function told(wholes: readonly Whole[], waiting: StatsRow[]): Told {
  const covered: StatsRow[] = [];
  for (const { count, parts } of wholes) {
    const those = readingsOf(parts) <= count ? covered : waiting;
    for (const part of parts) those.push(part);
  }
  return { covered, waiting };
}

/** A lower bound of the readings in rows: of those that overlap, only ones that follow one another count. */
function readingsOf(rows: readonly StatsRow[]): number {
  let [sum, until] = [0, Number.NEGATIVE_INFINITY];
  for (const row of rows) {
    const { start, end } = spanOf(row);
    if (start < until) continue;
    sum += row.count;
    until = end;
  }
  return sum;
}
