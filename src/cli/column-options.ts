/** The options that name the columns of readings. */

import { type ColumnNames, parseColumns } from '../readings/reading-columns.ts';
import type { Options } from './option.ts';

const columns = { type: 'text', value: 'COLUMN,...', parse: parseColumns } as const;

/** Declares `--time`, `--sensor` and `--value`. */
export const columnOptions = {
  time: { ...columns, describe: 'time column, by header name or number from 1; or several: date,time' },
  sensor: { ...columns, describe: 'sensor column; or several, joined: house,room' },
  value: {
    ...columns,
    repeats: true,
    describe: 'value column; or several, each with its rows: temp,humidity',
  },
} as const satisfies Options;

/** The columns that these options name. */
export function columnsBy({
  time = [],
  sensor = [],
  value,
}: {
  readonly time: string[] | undefined;
  readonly sensor: string[] | undefined;
  readonly value: readonly string[][];
}): ColumnNames {
  return { time, sensor, value: [...new Set(value.flat())] };
}
