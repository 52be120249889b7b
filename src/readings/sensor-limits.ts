/** Limits of values by sensor: a number for all of them, or one per pattern. Pure. */

import { quote } from '../lines/line.ts';
import { compare, type Decimal, parseDecimal } from '../stats/decimal.ts';
import { parseBySensor, type SensorRule, valueFor } from './by-sensor.ts';
import type { Range } from './range.ts';

export type LimitRule = SensorRule<Decimal>;

/** The rules of both limits. */
export interface LimitRules {
  readonly max: readonly LimitRule[];
  readonly min: readonly LimitRule[];
}

/** The limits of a sensor. */
export type LimitsOf = (sensor: string) => Range;

/** Parses `NUMBER` (for all) or `PATTERN=NUMBER,...`, for an option's `parse`. @throws Error with a message for the user */
export function parseLimits(text: string): LimitRule[] {
  return parseBySensor(text, parseLimit);
}

/** Parses a number, for an option's `parse`. @throws Error with a message for the user */
export function parseLimit(text: string): Decimal {
  const limit = parseDecimal(text);
  if (limit !== undefined) return limit;
  throw new Error(`not a number: ${quote(text)}`);
}

/** The first rule that matches a sensor's name is its limit. */
export function limitsBySensor({ max, min }: LimitRules): LimitsOf {
  return (sensor) => ({ max: valueFor(max, sensor), min: valueFor(min, sensor) });
}

/** Whether no value of some sensors can be within limits: the minimum of a pattern is above its maximum. */
export function areCrossed({ max, min }: LimitRules): boolean {
  return min.some((low) =>
    max.some((high) => low.pattern === high.pattern && compare(low.value, high.value) > 0),
  );
}
