/** Options for the time of measurements, and their conflicts. */

import { Failure, status } from '../failure.ts';
import type { ConfiguredSensor } from './take-reading.ts';

/** Times in epoch milliseconds; `every` and `last` in milliseconds. */
export interface TimeOptions {
  readonly every: number | undefined;
  readonly count: number | undefined;
  readonly at: number | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly last: number | undefined;
}

/** @throws Failure (usage) for options that conflict with each other or with the sensor */
export function checkTimes(
  { every, count, at, from, to, last }: TimeOptions,
  { sensor, shown, unit }: ConfiguredSensor,
): void {
  const isPast = at !== undefined || from !== undefined || last !== undefined;
  const rules: [broken: boolean, message: string][] = [
    [unit !== 'C' && sensor.unit === 'C', `${shown}: is in °C: not with --unit ${unit}`],
    [
      at !== undefined && (every ?? from ?? to ?? last) !== undefined,
      '--at is for one reading: not with --every, --from, --to, --last',
    ],
    [last !== undefined && (from ?? to) !== undefined, '--last ends now: not with --from, --to'],
    [to !== undefined && from === undefined, '--to needs --from'],
    [from !== undefined && to !== undefined && from > to, '--from is after --to'],
    [isPast && count !== undefined, '--count is for readings to come: not with --at, --from, --last'],
    [
      isPast && sensor.at === undefined && sensor.recorded === undefined,
      `${shown}: gives only the current value: --at, --from, --last are for sim: and replay:`,
    ],
    [
      isPast && every !== undefined && sensor.recorded !== undefined,
      `${shown}: a recording has its own times: not with --every and --from, --last`,
    ],
  ];
  const problem = rules.find(([broken]) => broken);
  if (problem !== undefined) throw new Failure(status.usage, problem[1]);
}
