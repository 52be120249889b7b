/** Takes readings from a sensor as configured: in °C, with a name, within a range and a time limit. */

import { backOff, retry } from '../async/retry.ts';
import { withTimeLimit } from '../async/time-limit.ts';
import { Failure, isTemporary, status } from '../failure.ts';
import { formatRange, inRange, type Range } from '../readings/range.ts';
import type { Reading } from '../readings/reading.ts';
import { type TemperatureUnit, toCelsius } from '../readings/units.ts';
import { digitCount, formatDecimal, MAX_DIGITS } from '../stats/decimal.ts';
import type { NamedValue } from './named-values.ts';
import type { Measurement, ReadContext, Sensor } from './sensor.ts';

export interface ConfiguredSensor {
  readonly sensor: Sensor;
  /** Its address for messages. */
  readonly shown: string;
  /** Replaces the sensor's own name. */
  readonly name: string | undefined;
  /** The unit of values that the sensor gives without one. */
  readonly unit: TemperatureUnit;
  /** In °C. A value outside is not a reading; undefined for no limits. */
  readonly range: Range | undefined;
  /** Which of a sensor's values to read; undefined for a sensor with one value. */
  readonly values?: readonly NamedValue[] | undefined;
}

export interface TakeOptions extends ReadContext {
  /** Time limit for all tries, including pauses. */
  readonly timeoutMs: number;
  /** Number of retries after a temporary failure. */
  readonly retries: number;
}

/**
 * Takes a reading, or one for each value, with a Failure for missing ones; undefined at the end of a recording.
 *
 * @throws Failure, the last one met, at the latest after `timeoutMs`; the signal's reason as soon as it is aborted
 */
export async function takeReadings(
  configured: ConfiguredSensor,
  { timeoutMs, retries, signal, ...context }: TakeOptions,
): Promise<readonly (Reading | Failure)[] | undefined> {
  const late = `${configured.shown}: no reading within ${timeoutMs / 1000} s`;
  let last: unknown = new Failure(status.temporary, late);
  try {
    return await withTimeLimit(
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
  } catch (error) {
    if (error instanceof NoneOfValues) return error.failures;
    throw error;
  }
}

/** No value is a reading, but a retry may help. */
class NoneOfValues extends Failure {
  /** The reason for each value. */
  readonly failures: readonly Failure[];

  constructor(failures: readonly Failure[]) {
    super(status.temporary, 'none of the values is a reading');
    this.failures = failures;
  }
}

/** @throws Failure, temporary when the value is out of range, or when no value is a reading but a retry may help */
async function readOnce(
  configured: ConfiguredSensor,
  context: ReadContext,
): Promise<readonly (Reading | Failure)[] | undefined> {
  const { sensor, values } = configured;
  if (values !== undefined && sensor.readMembers !== undefined) {
    const paths = values.map(({ path }) => path);
    const measurements = await sensor.readMembers(paths, context);
    const outcomes = measurements.map((each, at) =>
      valueReading(each, values[at], configured, context.now()),
    );
    const failures = outcomes.filter((each) => each instanceof Failure);
    if (failures.length === outcomes.length && failures.some(isTemporary)) throw new NoneOfValues(failures);
    return outcomes;
  }
  const measurement = await sensor.read(context);
  if (measurement === undefined) return undefined;
  const reading = toReading(measurement, configured, context.now());
  const problem = problemWith(reading, configured);
  if (problem !== undefined) throw problem;
  return [reading];
}

/** The reading of one of several values, or a Failure. */
function valueReading(
  measurement: Measurement | Failure,
  { name, unit }: Partial<NamedValue> = {},
  configured: ConfiguredSensor,
  now: number,
): Reading | Failure {
  if (measurement instanceof Failure) return measurement;
  const ofValue = {
    ...configured,
    shown: `${configured.shown}: ${name}`,
    name: `${configured.name ?? configured.sensor.name}/${name}`,
    unit: unit ?? 'C',
  };
  const reading = toReading(measurement, ofValue, now);
  // Absolute zero and a range in °C apply to temperatures only.
  const isTemperature = (measurement.unit ?? unit) !== undefined;
  return (isTemperature ? problemWith(reading, ofValue) : undefined) ?? reading;
}

/** Why it is not a reading: temporary when out of range; undefined when it is one. */
function problemWith(reading: Reading, configured: ConfiguredSensor): Failure | undefined {
  // Converting units may add digits.
  if (digitCount(reading.value) > MAX_DIGITS)
    return new Failure(status.unavailable, `${configured.shown}: more than ${MAX_DIGITS} digits`);
  if (isInRange(reading, configured)) return undefined;
  return new Failure(status.temporary, `${configured.shown}: ${outOfRange(reading, configured)}`);
}

/** @param now epoch milliseconds, for a measurement without its own time */
export function toReading(
  { value, unit, time, sensor }: Measurement,
  configured: ConfiguredSensor,
  now: number,
): Reading {
  const name = configured.name ?? sensor ?? configured.sensor.name;
  return {
    time: time ?? now,
    // A reading is one line. A comma in a name is fine.
    sensor: name.replace(/\p{Cc}/gu, '\ufffd'),
    value: toCelsius(value, unit ?? configured.unit),
  };
}

/** In °C. */
const ABSOLUTE_ZERO: Range = { min: { units: -27315n, scale: 2 }, max: undefined };

/** Whether the value is in range. */
export function isInRange({ value }: Reading, { range }: ConfiguredSensor): boolean {
  return inRange(value, ABSOLUTE_ZERO) && (range === undefined || inRange(value, range));
}

/** For messages: why the value is out of range, and the value. */
export function outOfRange(reading: Reading, configured: ConfiguredSensor): string {
  const unit = isTooCold(reading) ? ' °C' : '';
  return `${whyOutOfRange(reading, configured)}: ${formatDecimal(reading.value)}${unit}`;
}

/** For messages: why a value is out of range. */
export function whyOutOfRange(reading: Reading, { range }: ConfiguredSensor): string {
  if (range === undefined || isTooCold(reading)) return 'below absolute zero';
  return `out of range ${formatRange(range)}`;
}

function isTooCold({ value }: Reading): boolean {
  return !inRange(value, ABSOLUTE_ZERO);
}
