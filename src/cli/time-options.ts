/** The options of tools that read times of other programs. */

import { Failure, status } from '../failure.ts';
import { parseTimeFormat } from '../readings/time-format.ts';
import type { TimeOptions } from '../readings/time-reader.ts';
import { zoneName } from '../stats/time-zone.ts';
import type { Options } from './option.ts';

/** Declares `--tz`, which applies to times without an offset and to windows, and `--time-format`. */
export const timeOptions = {
  tz: {
    type: 'text',
    value: 'ZONE',
    parse: zoneName,
    describe: 'time zone of windows (default: UTC), and of times without an offset',
  },
  'time-format': {
    type: 'text',
    value: 'FORMAT',
    parse: timeFormat,
    describe: 'format of all times, as for strftime: %d.%m.%Y %H:%M',
  },
} as const satisfies Options;

/** How to read times, by these options. @throws Failure (usage) if times would have no zone at all */
export function timesBy(options: {
  readonly tz: string | undefined;
  readonly 'time-format': string | undefined;
}): TimeOptions {
  const { tz: zone, 'time-format': timeFormat } = options;
  if (zone === undefined && timeFormat !== undefined && !parseTimeFormat(timeFormat).hasOffset)
    throw new Failure(status.usage, '--time-format without %z and %s needs --tz ZONE, such as UTC');
  return { zone, timeFormat };
}

/** Checks a time format, and returns it. @throws Error with a message for the user */
function timeFormat(text: string): string {
  return parseTimeFormat(text).shown;
}
