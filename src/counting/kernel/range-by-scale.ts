/** A range of values in units of every scale, as the kernel needs it. */

import type { Range } from '../../readings/range.ts';
import { type Decimal, powerOfTen } from '../../stats/decimal.ts';

interface UnitRange {
  readonly least: bigint;
  readonly greatest: bigint;
}

/** The range at each scale from 0 to `mostDigits`. Bounds beyond all numbers of that many digits become ±10^mostDigits. */
export function rangeByScale({ min, max }: Range, mostDigits: number): UnitRange[] {
  const furthest = powerOfTen(mostDigits);
  const cut = (units: bigint) => (units < -furthest ? -furthest : units > furthest ? furthest : units);
  return Array.from({ length: mostDigits + 1 }, (_, scale) => ({
    least: min === undefined ? -furthest : cut(ceiling(min, scale)),
    greatest: max === undefined ? furthest : cut(-ceiling({ units: -max.units, scale: max.scale }, scale)),
  }));
}

/** The smallest integer number of units at this scale that is not below the decimal. */
function ceiling({ units, scale: own }: Decimal, scale: number): bigint {
  if (scale >= own) return units * powerOfTen(scale - own);
  const factor = powerOfTen(own - scale);
  const quotient = units / factor;
  return units > 0n && quotient * factor !== units ? quotient + 1n : quotient;
}
