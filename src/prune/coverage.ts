/** Whether rows of a longer window have what rows of a shorter one say. */

import { lengthOf } from '../readings/ahead.ts';
import type { StatsRow } from '../readings/stats-row.ts';
import type { StoreReader } from '../stores/reader.ts';
import { isSame, type Kept } from './keep-list.ts';

/** From when to when a row sums up, in epoch milliseconds. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** A row of the longer window, and the rows of the shorter one within it. */
interface Whole extends Span {
  readonly count: number;
  readonly parts: StatsRow[];
}

/** A row that says no start begins its window's length before its end. */
export function spanOf({ start, end, window }: StatsRow): Span {
  const to = Date.parse(end);
  return { start: start === '' ? to - lengthOf(window) : Date.parse(start), end: to };
}

/** Rows of a shorter window in the order of their ends, told apart. */
export interface Told {
  /** A row of the longer window has what they say. */
  readonly covered: StatsRow[];
  readonly waiting: StatsRow[];
}

/** Tells which rows of a sensor are covered by its rows of a longer window. They come in the order of their ends. */
export class Coverage {
  readonly #reader: StoreReader;
  readonly #sensor: string;
  readonly #coarser: Kept;
  /** Rows of which more may come within the same row of the longer window. */
  #open: readonly StatsRow[] = [];

  constructor(reader: StoreReader, sensor: string, coarser: Kept) {
    this.#reader = reader;
    this.#sensor = sensor;
    this.#coarser = coarser;
  }

  /** Tells of rows, but for the last ones if more may follow them. @throws Failure as the reader does */
  async tell(rows: readonly StatsRow[]): Promise<Told> {
    const all = [...this.#open, ...rows];
    const last = all.at(-1);
    if (last === undefined) return { covered: [], waiting: [] };
    const { end } = spanOf(last);
    const { wholes, waiting } = await this.#sort(all);
    const isOpen = (whole: Whole) => whole.end > end;
    this.#open = wholes.filter(isOpen).flatMap(({ parts }) => parts);
    return told(
      wholes.filter((whole) => !isOpen(whole)),
      waiting,
    );
  }

  /** Tells of the last ones. @throws Failure as the reader does */
  async end(): Promise<Told> {
    const { wholes, waiting } = await this.#sort(this.#open);
    return told(wholes, waiting);
  }

  /** Sorts rows by the row of the longer window within which they lie; those that wait lie within none. */
  async #sort(rows: readonly StatsRow[]): Promise<{ wholes: Whole[]; waiting: StatsRow[] }> {
    const wholes = await this.#wholesOf(rows);
    const waiting: StatsRow[] = [];
    let at = 0;
    for (const row of rows) {
      const { start, end } = spanOf(row);
      while (at < wholes.length && (wholes[at]?.end ?? 0) < end) at++;
      const whole = wholes[at];
      if (whole !== undefined && whole.start <= start) whole.parts.push(row);
      else waiting.push(row);
    }
    return { wholes, waiting };
  }

  async #wholesOf(rows: readonly StatsRow[]): Promise<Whole[]> {
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) return [];
    const range = { from: spanOf(first).end, to: spanOf(last).end + this.#coarser.lengthMs + 1 };
    const wholes: Whole[] = [];
    for (const { sensor, window } of await this.#reader.series({ sensor: this.#sensor })) {
      if (!isSame(this.#coarser, window)) continue;
      for await (const batch of this.#reader.rows({ sensor, window, ...range }))
        for (const row of batch) wholes.push({ ...spanOf(row), count: row.count, parts: [] });
    }
    return wholes.sort((one, other) => one.end - other.end);
  }
}

/** A row of the longer window that counts fewer readings does not have them. */
function told(wholes: readonly Whole[], waiting: StatsRow[]): Told {
  const covered: StatsRow[] = [];
  for (const { count, parts } of wholes) {
    const those = readingsOf(parts) <= count ? covered : waiting;
    for (const part of parts) those.push(part);
  }
  return { covered, waiting };
}

/** How many readings rows count, at least: of rows that overlap only those that follow one another. */
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
