/** The options that name the columns of readings. */

import { Failure, status } from '../failure.ts';
import { parseColumns } from '../lines/csv.ts';
import { type ColumnNames, needsHeader } from '../readings/reading-columns.ts';
import type { Options } from './option.ts';

const columns = { type: 'text', value: 'COLUMN,...', parse: parseColumns } as const;

/** Declares `--time`, `--sensor` and `--value`. */
export const columnOptions = {
  time: { ...columns, describe: 'time column, by header name or number from 1; or several: date,time' },
  sensor: { ...columns, describe: 'sensor column; or several, joined: house,room' },
  value: {
    ...columns,
    repeats: true,
    describe: 'value column; or several, each with rows of its own: temp,humidity',
  },
} as const satisfies Options;

/** The columns that these options name. @throws Failure (usage) when there is no header to find them in */
export function columnsBy(options: {
  readonly time: string[] | undefined;
  readonly sensor: string[] | undefined;
  readonly value: readonly string[][];
  readonly 'no-header': boolean;
}): ColumnNames {
  const { time = [], sensor = [], value } = options;
  const names = { time, sensor, value: [...new Set(value.flat())] };
  if (options['no-header'] && needsHeader(names))
    throw new Failure(status.usage, '--no-header needs columns by number: --time 1 --value 2');
  return names;
}
