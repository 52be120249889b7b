/** Determines which rows of a shorter window are covered by rows of a longer window. */

import { type Span, spanOf } from '../readings/row-span.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import type { StoreReader } from '../stores/reader.ts';
import type { Kept } from './keep-list.ts';

/** A day may be longer than 24 hours, when clocks are set back. */
const CLOCKS_BACK_MS = 3 * 3_600_000;

/** A row of the longer window, with the rows of the shorter one within it. */
interface Whole extends Span {
  readonly count: number;
  readonly parts: StatsRow[];
}

/** Rows of a shorter window by coverage, in the order of their ends. */
export interface Told {
  /** A row of the longer window has their readings. */
  readonly covered: StatsRow[];
  readonly waiting: StatsRow[];
}

/**
 * Determines which rows of a sensor are covered by its rows of a longer window. Rows come in the order of their ends.
 *
 * Memory: the rows within one row of the longer window.
 */
export class Coverage {
  readonly #reader: StoreReader;
  readonly #sensor: string;
  readonly #coarser: Kept;
  /** Rows of the longer window that may still get parts, in the order of their ends. */
  #open: Whole[] = [];
  /** Rows of the longer window with earlier ends have been read: epoch milliseconds. */
  #readTo = Number.NEGATIVE_INFINITY;

  /** @param reader whose series have been listed */
  constructor(reader: StoreReader, sensor: string, coarser: Kept) {
    this.#reader = reader;
    this.#sensor = sensor;
    this.#coarser = coarser;
  }

  /** How far back other rows of the same longer window may be, in milliseconds. */
  get reachMs(): number {
    return this.#coarser.lengthMs + CLOCKS_BACK_MS;
  }

  /** Decides on rows, except the last ones if more may follow. @throws Failure like the reader */
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
    return decided(this.#open.splice(0, at), waiting);
  }

  /** Decides on the last rows. */
  end(): Told {
    return decided(this.#open.splice(0), []);
  }

  /** Reads the rows of the longer window that may contain rows with these ends. */
  async #read(first: number, last: number): Promise<void> {
    const { window } = this.#coarser;
    const range = { from: Math.max(first, this.#readTo), to: last + this.reachMs };
    for await (const batch of this.#reader.rows({ sensor: this.#sensor, window, ...range }))
      for (const row of batch) this.#open.push({ ...spanOf(row), count: row.count, parts: [] });
    this.#readTo = range.to;
  }
}

/** A row covers its parts unless it counts fewer readings than they do. */
function decided(wholes: readonly Whole[], waiting: StatsRow[]): Told {
  const covered: StatsRow[] = [];
  for (const { count, parts } of wholes) {
    const those = readingsOf(parts) <= count ? covered : waiting;
    for (const part of parts) those.push(part);
  }
  return { covered, waiting };
}

/** A lower bound on the readings in rows: of overlapping rows only one counts. */
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
