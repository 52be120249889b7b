/** The wall clocks of time zones, by the runtime's time zone data. */

import { epochMs } from './epoch-ms.ts';

/** Local time minus UTC at an instant, in milliseconds. */
export type OffsetAt = (time: number) => number;

/** The system's zone: $TZ, or else this machine's; UTC when the runtime does not know it. */
export function systemZone(): string {
  const zone: string | undefined = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone ?? 'UTC';
}

/** A fixed offset, which not all runtimes support: `+01:00`, `-0330`, `+02`. */
const FIXED = /^([+-])(\d\d)(?::?(\d\d))?$/;
const MAX_FIXED_MS = 14 * 3_600_000;

const DAY = 86_400_000;
const MAX_DAYS = 50_000;

/**
 * The clock of a zone, given by name or by offset from UTC.
 *
 * @throws Error with a message for the user when there is no such zone
 */
export function timeZone(name: string): OffsetAt {
  const fixed = fixedOffset(name);
  if (fixed !== undefined) return () => fixed;
  const format = formatter(name);
  return rememberingDays((time) => {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(time)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    // The format has whole seconds.
    return epochMs(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000;
  });
}

/** Caches offsets by day: the runtime takes 10 µs per call, and offsets change at most once a day. */
function rememberingDays(ask: OffsetAt): OffsetAt {
  /** NaN for a day with a change. */
  const offsets = new Map<number, number>();
  let [lastDay, lastOffset] = [Number.NaN, Number.NaN];
  const offsetOn = (day: number): number => {
    const known = offsets.get(day);
    if (known !== undefined) return known;
    const offset = ask(day * DAY);
    const isSame = offset === ask((day + 1) * DAY);
    if (offsets.size >= MAX_DAYS) offsets.clear();
    offsets.set(day, isSame ? offset : Number.NaN);
    return isSame ? offset : Number.NaN;
  };
  return (time) => {
    const day = Math.floor(time / DAY);
    if (day !== lastDay) [lastDay, lastOffset] = [day, offsetOn(day)];
    return Number.isNaN(lastOffset) ? ask(time) : lastOffset;
  };
}

/** Checks a name, and returns it. @throws Error with a message for the user when there is no such zone */
export function zoneName(name: string): string {
  timeZone(name);
  return name;
}

/** @throws Error with a message for the user when the offset is too large */
function fixedOffset(name: string): number | undefined {
  const [, sign, hours, minutes = '0'] = FIXED.exec(name) ?? [];
  if (sign === undefined) return undefined;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  if (Number(minutes) > 59 || offset > MAX_FIXED_MS) throw unknown(name);
  return sign === '-' ? -offset : offset;
}

function unknown(name: string): Error {
  return new Error(`unknown time zone: ${JSON.stringify(name)} (write one such as Europe/Berlin)`);
}

/** @throws Error with a message for the user when there is no such zone */
function formatter(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    throw unknown(name);
  }
}
