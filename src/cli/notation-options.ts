/** The options of load-rows about how fields are written. */

import { Failure, status } from '../failure.ts';
import type { ColumnType } from '../tables/input/column-type.ts';
import { Notation } from '../tables/input/notation.ts';
import type { Options } from './option.ts';
import { timeOptions, timesBy } from './time-options.ts';
import { checkMarks, decimalOption } from './value-options.ts';

/** Declares `--tz`, `--time-format` and `--decimal`. */
export const notationOptions = {
  tz: { ...timeOptions.tz, describe: 'time zone of times without an offset, which are text otherwise' },
  'time-format': {
    ...timeOptions['time-format'],
    manualOnly: true,
    describe: 'format of times in columns of --types NAME=timestamp, as for strftime: %d.%m.%Y %H:%M',
  },
  ...decimalOption,
} as const satisfies Options;

/** How fields are written, by these options; undefined if they need no conversion. @throws Failure (usage) */
export function notationBy(options: {
  readonly tz: string | undefined;
  readonly 'time-format': string | undefined;
  readonly decimal: '.' | ',' | undefined;
  /** One character. */
  readonly delimiter: string;
  readonly types: ReadonlyMap<string, ColumnType>;
}): Notation | undefined {
  const { decimal, delimiter, types } = options;
  checkMarks({ decimal, delimiter });
  const { zone, timeFormat } = timesBy(options);
  if (timeFormat !== undefined && ![...types.values()].includes('timestamp'))
    throw new Failure(
      status.usage,
      '--time-format needs the columns that have it, as --types when=timestamp',
    );
  if (zone === undefined && timeFormat === undefined && decimal !== ',') return undefined;
  return new Notation({ zone, timeFormat, decimal, types });
}
