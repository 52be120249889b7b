/** Past measurements, from recordings and from sensors that are functions of time. */

import { alignedTimes } from './interval.ts';
import type { Measurement, Sensor } from './sensor.ts';

const DEFAULT_STEP_MS = 60_000;
const BATCH_LENGTH = 1000;

/** The measurement at a time (epoch milliseconds), if any; of a recording the newest up to then. */
export async function* measuredAt(time: number, sensor: Sensor): AsyncGenerator<Measurement[]> {
  if (sensor.at !== undefined) yield [sensor.at(time)];
  let newest: Measurement | undefined;
  for await (const batch of sensor.recorded?.() ?? []) {
    for (const measurement of batch) {
      const when = measurement.time ?? Number.POSITIVE_INFINITY;
      if (when <= time && when >= (newest?.time ?? when)) newest = measurement;
    }
  }
  if (newest !== undefined) yield [newest];
}

export interface Period {
  /** Inclusive, epoch milliseconds. */
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  /** Milliseconds between measurements of a function of time; default: one minute. */
  readonly stepMs: number | undefined;
}

/** All measurements of a period, in batches; a function of time is sampled at multiples of the step. */
export async function* measuredDuring(
  { from, to, stepMs = DEFAULT_STEP_MS }: Period,
  sensor: Sensor,
): AsyncGenerator<Measurement[]> {
  if (sensor.at !== undefined) {
    let batch: Measurement[] = [];
    for (const time of alignedTimes(from, to, stepMs)) {
      batch.push(sensor.at(time));
      if (batch.length < BATCH_LENGTH) continue;
      yield batch;
      batch = [];
    }
    yield batch;
  }
  for await (const batch of sensor.recorded?.() ?? []) {
    yield batch.filter(({ time = Number.NaN }) => from <= time && time < to);
  }
}
