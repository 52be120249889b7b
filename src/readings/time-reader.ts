/**
 * Reads the times of readings: the one place that decides which moment a text means, for all tools.
 *
 * A time with an offset and an epoch number mean one moment. A time without an offset needs a zone, and may then be none
 * (when clocks go forward), or two (when they go back): of two it is the first, unless the last line of the same sensor was
 * later. So the order of lines matters for such times, and for no others.
 * Memory: with a zone, a number for each sensor.
 */

import { quote, type Rejection } from '../lines/line.ts';
import { LocalTimes } from '../stats/local-times.ts';
import { timeZone } from '../stats/time-zone.ts';
import { momentOf, parseTime } from './time.ts';
import { readWritten, type WrittenTime } from './written-time.ts';

/** How times are to be read: plain data. */
export interface TimeOptions {
  /** The zone of times without an offset; undefined rejects them. */
  readonly zone?: string | undefined;
}

/** Reads the times of one source after the other. */
export class TimeReader {
  readonly #zone: string | undefined;
  readonly #local: LocalTimes | undefined;
  /** By sensor, the moment of the last line whose time had no offset. */
  readonly #last = new Map<string, number>();
  #hasTimeTwice = false;

  /** @throws Error with a message for the user when there is no such zone */
  constructor({ zone }: TimeOptions) {
    this.#zone = zone;
    this.#local = zone === undefined ? undefined : new LocalTimes(timeZone(zone));
  }

  /** Another source begins: the lines of each are in an order of their own. */
  begin(): void {
    this.#last.clear();
    this.#hasTimeTwice = false;
  }

  /** Whether a time of the source has no offset, so that the moment of a later one may depend on it. */
  get hasLocalTime(): boolean {
    return this.#last.size > 0;
  }

  /** Whether a time of the source comes twice, so that what it means depends on the lines before it. */
  get hasTimeTwice(): boolean {
    return this.#hasTimeTwice;
  }

  /** Whether a text is written as a time, though it may not be one that can be used. */
  isTime(text: string): boolean {
    return parseTime(text) !== undefined || readWritten(text) !== undefined;
  }

  /** The moment of a sensor's next time, in epoch milliseconds, or why there is none. */
  read(text: string, sensor: string): number | Rejection {
    const written = readWritten(text);
    if (written !== undefined && written.offsetMs === undefined)
      return this.#readLocal(text, written, sensor);
    return (written === undefined ? parseTime(text) : momentOf(written)) ?? notATime(text);
  }

  #readLocal(text: string, { wallMs }: WrittenTime, sensor: string): number | Rejection {
    if (this.#local === undefined) return withoutZone(text);
    const [first, second] = this.#local.instantsOf(wallMs);
    if (first === undefined) return skipped(text, this.#zone);
    const last = this.#last.get(sensor);
    const time = second !== undefined && last !== undefined && last > first ? second : first;
    if (second !== undefined) this.#hasTimeTwice = true;
    this.#last.set(sensor, time);
    return time;
  }
}

function notATime(text: string): Rejection {
  return { kind: 'not a time', detail: `time is not RFC 3339 or epoch: ${quote(text)}` };
}

function withoutZone(text: string): Rejection {
  const detail = `time has no offset, and no zone is given (--tz Europe/Berlin, or UTC): ${quote(text)}`;
  return { kind: 'without an offset', detail };
}

function skipped(text: string, zone = ''): Rejection {
  return { kind: 'skipped by the clock', detail: `clocks in ${zone} skip this time: ${quote(text)}` };
}
