/** Limits of values by sensors: a number for all of them, or one for those of each pattern. Pure. */

import { type Matches, parseGlob } from '../lines/glob.ts';
import { quote } from '../lines/line.ts';
import { compare, type Decimal, parseDecimal } from '../stats/decimal.ts';
import type { Range } from './range.ts';

/** Sensors of a pattern have a limit. */
export interface LimitRule {
  readonly pattern: string;
  readonly matches: Matches;
  readonly limit: Decimal;
}

/** The rules of both limits. */
export interface LimitRules {
  readonly max: readonly LimitRule[];
  readonly min: readonly LimitRule[];
}

/** The limits of a sensor. */
export type LimitsOf = (sensor: string) => Range;

/** Reads `NUMBER`, for all sensors, or `PATTERN=NUMBER,...`, for an option's `parse`. @throws Error with a message for the user */
export function parseLimits(text: string): LimitRule[] {
  return text.split(',').map((part) => {
    const at = part.lastIndexOf('=');
    const pattern = at < 0 ? '*' : part.slice(0, at).trim();
    return { pattern, matches: parseGlob(pattern), limit: parseLimit(part.slice(at + 1)) };
  });
}

/** A number, for an option's `parse`. @throws Error with a message for the user */
export function parseLimit(text: string): Decimal {
  const limit = parseDecimal(text);
  if (limit !== undefined) return limit;
  throw new Error(`not a number: ${quote(text)}`);
}

/** The first rule that a sensor's name matches is its limit. */
export function limitsBySensor({ max, min }: LimitRules): LimitsOf {
  return (sensor) => ({ max: limitOf(max, sensor), min: limitOf(min, sensor) });
}

function limitOf(rules: readonly LimitRule[], sensor: string): Decimal | undefined {
  return rules.find(({ matches }) => matches(sensor))?.limit;
}

/** Whether nothing of some sensors can be within limits: the minimum of a pattern is above its maximum. */
export function areCrossed({ max, min }: LimitRules): boolean {
  return min.some((low) =>
    max.some((high) => low.pattern === high.pattern && compare(low.limit, high.limit) > 0),
  );
}
