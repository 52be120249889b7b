/** Prints the readings of get-temp, and publishes the newest ones. */

import { Failure } from '../failure.ts';
import type { Precision } from '../lines/line-protocol.ts';
import { formatReading, formatReadingJson, type Reading } from '../readings/reading.ts';
import { writeMetrics } from './metrics-option.ts';

interface OutputOptions {
  readonly json: boolean;
  readonly influx: boolean;
  readonly precision: Precision;
  readonly prometheus: string | undefined;
}

export interface ReadingsOutput {
  /** Formats readings as lines; the next `tell` publishes them. */
  text(readings: readonly Reading[]): string;
  /** Replaces the metrics file if there are new readings. A file that cannot be written is reported, and the tool continues. */
  tell(): Promise<void>;
}

/** @param fail called if the metrics file cannot be written */
export async function readingsOutput(
  { json, influx, precision, prometheus: file }: OutputOptions,
  fail: (failure: Failure) => void,
): Promise<ReadingsOutput> {
  const format = influx ? await influxFormat(precision) : json ? formatReadingJson : formatReading;
  const newest =
    file === undefined ? undefined : new (await import('../readings/metrics.ts')).NewestReadings();
  let isNew = false;
  return {
    text(readings) {
      for (const reading of readings) newest?.add(reading);
      isNew ||= readings.length > 0;
      return readings.map((reading) => `${format(reading)}\n`).join('');
    },
    async tell() {
      if (file === undefined || newest === undefined || !isNew) return;
      isNew = false;
      try {
        await writeMetrics(file, newest.text());
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        fail(error);
      }
    },
  };
}

async function influxFormat(precision: Precision): Promise<(reading: Reading) => string> {
  const { formatReadingInflux } = await import('../readings/influx-lines.ts');
  return (reading) => formatReadingInflux(reading, precision);
}
