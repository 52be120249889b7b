/** Readings of past times, from recordings and from sensors that are functions of time. */

import { Failure, status } from '../failure.ts';
import type { Reject } from '../lines/line.ts';
import type { Reading } from '../readings/reading.ts';
import { measuredAt, measuredDuring } from './history.ts';
import { type ConfiguredSensor, isInRange, outOfRange, toReading, whyOutOfRange } from './take-reading.ts';
import type { TimeOptions } from './time-options.ts';

interface PastIo {
  readonly reject: Reject;
  /** Counts rows for the report of the run. */
  count(rows: { readonly in: number; readonly rejected: number }): void;
  /** Epoch milliseconds. */
  now(): number;
}

/** The readings in range at a time or of a period, in batches. @throws Failure when some or all are missing */
export async function* pastReadings(
  configured: ConfiguredSensor,
  { at, from, to, last, every }: TimeOptions,
  io: PastIo,
): AsyncGenerator<Reading[]> {
  const { sensor, shown } = configured;
  const now = io.now();
  const period = { from: from ?? now - (last ?? 0), to: to ?? now, stepMs: every };
  let taken = 0;
  let missed = 0;
  let why = '';
  for await (const batch of at === undefined ? measuredDuring(period, sensor) : measuredAt(at, sensor)) {
    const readings: Reading[] = [];
    for (const measurement of batch) {
      const reading = toReading(measurement, configured, now);
      if (isInRange(reading, configured)) readings.push(reading);
      else if (measurement.line === undefined) {
        if (missed === 0) why = whyOutOfRange(reading, configured);
        missed += 1;
      } else io.reject(measurement.line, { kind: 'out of range', detail: outOfRange(reading, configured) });
    }
    taken += readings.length;
    yield readings;
  }
  if (missed > 0) {
    io.count({ in: missed, rejected: missed });
    const share = `${missed} of ${taken + missed} readings`;
    throw new Failure(status.temporary, `${shown}: ${share} ${why}`);
  }
  if (taken === 0) throw new Failure(status.unavailable, `${shown}: no reading for that time`);
}
