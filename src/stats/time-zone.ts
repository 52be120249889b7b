/** The wall clock of a time zone, from the rules that come with the runtime. */

import { epochMs } from './epoch-ms.ts';

/** Local time less UTC at an instant, in milliseconds. */
export type OffsetAt = (time: number) => number;

/** The name of the system's zone: that of $TZ, else of this machine; UTC where it is unknown, as the runtime has it. */
export function systemZone(): string {
  const zone: string | undefined = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return zone ?? 'UTC';
}

/** The clock of the zone with this name. @throws Error with a message for the user when there is no such zone */
export function timeZone(name: string): OffsetAt {
  const format = formatter(name);
  return (time) => {
    const parts: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
    for (const { type, value } of format.formatToParts(time)) parts[type] = Number(value);
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    // It shows whole seconds.
    return epochMs(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000;
  };
}

/** Checks a name, and returns it. @throws Error with a message for the user when there is no such zone */
export function zoneName(name: string): string {
  timeZone(name);
  return name;
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
    throw new Error(`unknown time zone: ${JSON.stringify(name)} (write one such as Europe/Berlin)`);
  }
}
