/**
 * Parses the times of readings. For all tools, this is the only place that decides which moment a text means.
 *
 * A time has one of the usual formats, or the one that the user describes. With an offset it means one moment, as does an
 * epoch number. Without one it needs a zone, and may not exist (when clocks go forward) or be ambiguous (when they go
 * back): then it is the first of two moments, unless the sensor's previous line was later. So the order of lines matters
 * for such times, and for no others.
 * Memory: with a zone, a number per sensor.
 */

import { quote, type Rejection } from '../lines/line.ts';
import { type Instants, LocalTimes } from '../stats/local-times.ts';
import { timeZone } from '../stats/time-zone.ts';
import { compactForm } from './epoch.ts';
import { momentOf, parseTime } from './time.ts';
import { parseTimeFormat, type TimeFormat } from './time-format.ts';
import { readWritten, type WrittenTime } from './written-time.ts';

/** A date in a format that only the user knows: 1.2.2026, 11/21/26. */
const OTHER_DATE = /^(?!\d{4}-\d\d-\d\d(?:\D|$)).{0,20}\d[./-]\d{1,4}[./-]\d/;

/** How to parse times, as plain data. */
export interface TimeOptions {
  /** The zone of times without an offset; undefined rejects them. */
  readonly zone?: string | undefined;
  /** The format of all times, in strftime's directives; undefined for the usual formats and epoch numbers. */
  readonly timeFormat?: string | undefined;
}

/** Parses the times of one source after the other. */
export class TimeReader {
  readonly #zone: string | undefined;
  readonly #local: LocalTimes | undefined;
  readonly #format: TimeFormat | undefined;
  /** By sensor, the moment of the last line whose time had no offset. */
  readonly #last = new Map<string, number>();
  #hasTimeTwice = false;

  /** @throws Error with a message for the user if the zone or the format is invalid */
  constructor({ zone, timeFormat }: TimeOptions) {
    this.#zone = zone;
    this.#local = zone === undefined ? undefined : new LocalTimes(timeZone(zone));
    this.#format = timeFormat === undefined ? undefined : parseTimeFormat(timeFormat);
  }

  /** Begins another source, whose lines have an order of their own. */
  begin(): void {
    this.#last.clear();
    this.#hasTimeTwice = false;
  }

  /** Whether a time of the source had no offset, so that the moment of a later one may depend on it. */
  get hasLocalTime(): boolean {
    return this.#last.size > 0;
  }

  /** Whether a time of the source was ambiguous, so that its moment depends on the lines before it. */
  get hasTimeTwice(): boolean {
    return this.#hasTimeTwice;
  }

  /** Whether a text is written as a time, even if that time cannot be used. */
  isTime(text: string): boolean {
    if (this.#format !== undefined) return this.#format.read(text) !== undefined;
    return [parseTime, readWritten, compactForm].some((read) => read(text) !== undefined);
  }

  /** The moment of a sensor's next time, in epoch milliseconds, or why there is none. */
  read(text: string, sensor: string): number | Rejection {
    const written = this.#written(text);
    if (written === undefined || written.offsetMs !== undefined) return this.#momentOf(text, written);
    const instants = this.#instantsOf(text, written);
    if ('kind' in instants) return instants;
    const [first, second] = instants;
    const last = this.#last.get(sensor);
    const time = second !== undefined && last !== undefined && last > first ? second : first;
    if (second !== undefined) this.#hasTimeTwice = true;
    this.#last.set(sensor, time);
    return time;
  }

  /** The moments that a text may mean, in order: two if it is ambiguous. Or why it means none. */
  momentsOf(text: string): readonly number[] | Rejection {
    const written = this.#written(text);
    if (written !== undefined && written.offsetMs === undefined) return this.#instantsOf(text, written);
    const time = this.#momentOf(text, written);
    return typeof time === 'object' ? time : [time];
  }

  /** All fractional digits of a text's seconds; empty if there are none. */
  fractionOf(text: string): string {
    return this.#written(text)?.fraction ?? '';
  }

  #written(text: string): WrittenTime | undefined {
    return this.#format === undefined ? readWritten(text) : this.#format.read(text);
  }

  /** The moment of a text with an offset or an epoch number. */
  #momentOf(text: string, written: WrittenTime | undefined): number | Rejection {
    if (written !== undefined) return momentOf(written) ?? notATime(text);
    return this.#format === undefined ? (parseTime(text) ?? notATime(text)) : notOfForm(text, this.#format);
  }

  #instantsOf(text: string, { wallMs }: WrittenTime): Exclude<Instants, readonly []> | Rejection {
    if (this.#local === undefined) return withoutZone(text);
    const instants = this.#local.instantsOf(wallMs);
    return instants.length === 0 ? skipped(text, this.#zone) : instants;
  }
}

function notATime(text: string): Rejection {
  const form = compactForm(text);
  if (form !== undefined) {
    const detail = `digits look like a date (get-stats --time-format ${form}, or %s for an epoch number): ${quote(text)}`;
    return { kind: 'like a date', detail };
  }
  const hint = OTHER_DATE.test(text) ? ' (get-stats --time-format, such as %d.%m.%Y)' : '';
  return { kind: 'not a time', detail: `time is not RFC 3339 or epoch${hint}: ${quote(text)}` };
}

function notOfForm(text: string, { shown }: TimeFormat): Rejection {
  return { kind: 'not a time', detail: `time is not ${shown}: ${quote(text)}` };
}

function withoutZone(text: string): Rejection {
  const detail = `time has no offset (get-stats --tz Europe/Berlin, or UTC): ${quote(text)}`;
  return { kind: 'without an offset', detail };
}

function skipped(text: string, zone = ''): Rejection {
  return { kind: 'skipped by the clock', detail: `clocks in ${zone} skip this time: ${quote(text)}` };
}
