/** The options of tools that read or write InfluxDB's line protocol. */

import { Failure, status } from '../failure.ts';
import { PRECISIONS } from '../lines/line-protocol.ts';
import { inGroup, type Options } from './option.ts';

/** Declares `--influx` for output, and `--precision` for output and input. */
export const influxOptions = {
  influx: { type: 'flag', excludes: ['json'], describe: "print InfluxDB's line protocol" },
  precision: {
    type: 'text',
    choices: PRECISIONS,
    default: 'ns',
    manualOnly: true,
    describe: "unit of the timestamps in InfluxDB's line protocol",
  },
} as const satisfies Options;

/** The same for tools that print rows. */
export const influxRowOptions = inGroup('Output', {
  ...influxOptions,
  influx: { ...influxOptions.influx, excludes: ['json', 'table'] },
});

/** Declares `--format`, for input. */
export const lineFormatOption = inGroup('Input', {
  format: {
    type: 'text',
    choices: ['auto', 'influx'],
    default: 'auto',
    manualOnly: true,
    describe: "input format; auto: reading lines, CSV and NDJSON; influx: InfluxDB's line protocol",
  },
});

/** @throws Failure (usage) for options about columns or notation, which do not apply to the line protocol */
export function checkInflux(options: Readonly<Record<string, unknown>>): void {
  for (const name of [
    'time',
    'sensor',
    'value',
    'time-format',
    'decimal',
    'comment',
    'no-header',
    'merge-delimiters',
  ])
    if (isGiven(options[name])) throw new Failure(status.usage, `--${name} does not go with --format influx`);
}

function isGiven(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : value !== undefined && value !== false && value !== '.';
}
