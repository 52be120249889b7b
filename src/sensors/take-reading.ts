/**
 * A sensor and what the user says of it: from its measurements to readings, in °C, under a name, within a range.
 */

import { Failure, status } from '../failure.ts';
import { formatRange, inRange, type Range } from '../readings/range.ts';
import type { Reading } from '../readings/reading.ts';
import { type TemperatureUnit, toCelsius } from '../readings/units.ts';
import { formatDecimal } from '../stats/decimal.ts';
import type { Measurement, ReadContext, Sensor } from './sensor.ts';

export interface Source {
  readonly sensor: Sensor;
  /** Its address for messages. */
  readonly shown: string;
  /** In the place of the sensor's own. */
  readonly name: string | undefined;
  /** What it gives. */
  readonly unit: TemperatureUnit;
  /** In °C; what is outside is no reading. */
  readonly range: Range | undefined;
}

/** Takes a reading; undefined when a recording has come to its end. @throws Failure, temporary when it is out of range */
export async function measure(source: Source, context: ReadContext): Promise<Reading | undefined> {
  const measurement = await source.sensor.read(context);
  if (measurement === undefined) return undefined;
  const reading = toReading(measurement, source, context.now());
  if (isUsable(reading, source)) return reading;
  throw new Failure(status.temporary, `${source.shown}: ${outOfRange(reading, source)}`);
}

/** @param now epoch milliseconds, for a measurement without a time of its own */
export function toReading({ value, time, sensor }: Measurement, source: Source, now: number): Reading {
  const name = source.name ?? sensor ?? source.sensor.name;
  return {
    time: time ?? now,
    // A name may hold a comma; a newline would make two lines of one.
    sensor: name.replace(/\p{Cc}/gu, '\ufffd'),
    value: toCelsius(value, source.unit),
  };
}

export function isUsable({ value }: Reading, { range }: Source): boolean {
  return range === undefined || inRange(value, range);
}

/** For messages. */
export function outOfRange({ value }: Reading, source: Source): string {
  return `out of range ${rangeText(source)}: ${formatDecimal(value)}`;
}

/** For messages; empty where every value is in range. */
export function rangeText({ range }: Source): string {
  return range === undefined ? '' : formatRange(range);
}
