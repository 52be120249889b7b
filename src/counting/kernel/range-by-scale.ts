/** A range of values as the kernel needs it: in units of every scale. */

import type { Range } from '../../readings/range.ts';
import { type Decimal, powerOfTen } from '../../stats/decimal.ts';

export interface UnitRange {
  readonly least: bigint;
  readonly greatest: bigint;
}

/** By scale from 0 to the most digits that a value may have; a bound that no such value reaches is cut to one of these. */
export function rangeByScale({ min, max }: Range, mostDigits: number): UnitRange[] {
  const furthest = powerOfTen(mostDigits);
  const cut = (units: bigint) => (units < -furthest ? -furthest : units > furthest ? furthest : units);
  return Array.from({ length: mostDigits + 1 }, (_, scale) => ({
    least: min === undefined ? -furthest : cut(ceiling(min, scale)),
    greatest: max === undefined ? furthest : cut(-ceiling({ units: -max.units, scale: max.scale }, scale)),
  }));
}

/** The least whole number of units at this scale that is not below the decimal. */
function ceiling({ units, scale: own }: Decimal, scale: number): bigint {
  if (scale >= own) return units * powerOfTen(scale - own);
  const factor = powerOfTen(own - scale);
  const quotient = units / factor;
  return units > 0n && quotient * factor !== units ? quotient + 1n : quotient;
}
