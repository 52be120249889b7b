/** Finds the times of lines, for tools that keep lines verbatim: reading lines, any CSV with the time first, NDJSON. */

import type { Rejection } from '../lines/line.ts';
import { type TimeOptions, TimeReader } from './time-reader.ts';

/** How much later a line may be than the next one. */
const OUT_OF_ORDER_MS = 30_000;

const JSON_TIME = /"time"\s*:\s*(?:"([^"\\]*)"|(-?\d+(?:\.\d+)?))/;

/**
 * The times of consecutive lines of a log.
 *
 * A time that clocks show twice is taken as the second, unless the next line, or the clock for the last line, is before
 * that. So it depends neither on where the beginning of the log was cut off nor on the batches in which lines arrived.
 */
export class LineTimes {
  readonly #times: TimeReader;
  readonly #now: () => number;

  /** @param now the clock, in epoch milliseconds */
  constructor(options: TimeOptions, now: () => number) {
    this.#times = new TimeReader(options);
    this.#now = now;
  }

  /**
   * For each line, oldest first, its time in epoch milliseconds, or why it has none.
   *
   * @param behind the time of the line after the last one; the clock if there is none yet
   */
  of(lines: readonly string[], behind: number = this.#now()): (number | Rejection)[] {
    const found: (number | Rejection)[] = [];
    let next = behind;
    for (const line of lines.toReversed()) {
      const moments = this.#times.momentsOf(timeText(line));
      if ('kind' in moments) found.push(moments);
      else {
        const [first = 0, second = first] = moments;
        next = second <= next + OUT_OF_ORDER_MS ? second : first;
        found.push(next);
      }
    }
    return found.reverse();
  }
}

/** The first field, or the `time` in NDJSON. */
function timeText(line: string): string {
  if (line.startsWith('{')) {
    const match = JSON_TIME.exec(line);
    return match?.[1] ?? match?.[2] ?? '';
  }
  const end = line.search(/[,;\t\r]/);
  const field = end < 0 ? line : line.slice(0, end);
  return field.replace(/^"(.*)"$/, '$1').trim();
}
