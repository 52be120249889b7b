/**
 * Readings from a sensor as the user has configured it: in °C, under a name, within a range, within a time limit.
 */

import { backOff, retry } from '../async/retry.ts';
import { withTimeLimit } from '../async/time-limit.ts';
import { Failure, isTemporary, status } from '../failure.ts';
import { formatRange, inRange, type Range } from '../readings/range.ts';
import type { Reading } from '../readings/reading.ts';
import { type TemperatureUnit, toCelsius } from '../readings/units.ts';
import { digitCount, formatDecimal, MOST_DIGITS } from '../stats/decimal.ts';
import type { Measurement, ReadContext, Sensor } from './sensor.ts';

export interface ConfiguredSensor {
  readonly sensor: Sensor;
  /** Its address for messages. */
  readonly shown: string;
  /** Replaces the sensor's own name; undefined to keep that. */
  readonly name: string | undefined;
  /** Of the values that the sensor gives without one. */
  readonly unit: TemperatureUnit;
  /** In °C. A value outside is not a reading; undefined for no limits. */
  readonly range: Range | undefined;
}

export interface TakeOptions extends ReadContext {
  /** For all tries and the pauses between them. */
  readonly timeoutMs: number;
  /** Tries after the first one; only temporary failures are tried again. */
  readonly retries: number;
}

/**
 * Takes a reading; undefined at the end of a recording.
 *
 * @throws Failure, the last one met, at the latest after `timeoutMs`; the signal's reason as soon as it is aborted
 */
export function takeReading(
  configured: ConfiguredSensor,
  { timeoutMs, retries, signal, ...context }: TakeOptions,
): Promise<Reading | undefined> {
  const late = `${configured.shown}: no reading within ${timeoutMs / 1000} s`;
  let last: unknown = new Failure(status.temporary, late);
  return withTimeLimit(
    (stop) =>
      retry(() => readOnce(configured, { ...context, signal: stop }), {
        ...{ timeoutMs, retries, pause: backOff, signal: stop },
        isTransient: isTemporary,
        onRetry: (error) => {
          last = error;
        },
      }),
    { timeoutMs, signal, timeoutError: () => last },
  );
}

/** @throws Failure, temporary when the value is out of range */
async function readOnce(configured: ConfiguredSensor, context: ReadContext): Promise<Reading | undefined> {
  const measurement = await configured.sensor.read(context);
  if (measurement === undefined) return undefined;
  const reading = toReading(measurement, configured, context.now());
  // In another unit it has more digits, and no tool would read it.
  if (digitCount(reading.value) > MOST_DIGITS)
    throw new Failure(status.unavailable, `${configured.shown}: more than ${MOST_DIGITS} digits`);
  if (isInRange(reading, configured)) return reading;
  throw new Failure(status.temporary, `${configured.shown}: ${outOfRange(reading, configured)}`);
}

/** @param now epoch milliseconds, for a measurement without a time of its own */
export function toReading(
  { value, unit, time, sensor }: Measurement,
  configured: ConfiguredSensor,
  now: number,
): Reading {
  const name = configured.name ?? sensor ?? configured.sensor.name;
  return {
    time: time ?? now,
    // A name may hold a comma; a newline would make two lines of one.
    sensor: name.replace(/\p{Cc}/gu, '\ufffd'),
    value: toCelsius(value, unit ?? configured.unit),
  };
}

/** Nothing is colder, in °C. */
const ABSOLUTE_ZERO: Range = { min: { units: -27315n, scale: 2 }, max: undefined };

/** Whether its value is a reading. */
export function isInRange({ value }: Reading, { range }: ConfiguredSensor): boolean {
  return inRange(value, ABSOLUTE_ZERO) && (range === undefined || inRange(value, range));
}

/** For messages: why the value is no reading. */
export function outOfRange({ value }: Reading, configured: ConfiguredSensor): string {
  if (!inRange(value, ABSOLUTE_ZERO)) return `below absolute zero: ${formatDecimal(value)} °C`;
  return `out of range ${rangeText(configured)}: ${formatDecimal(value)}`;
}

/** For messages: `MIN..MAX`; empty without a range. */
export function rangeText({ range }: ConfiguredSensor): string {
  return range === undefined ? '' : formatRange(range);
}
