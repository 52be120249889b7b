/** The value axis: ticks at multiples of 1, 2 or 5 times a power of ten, with exact labels and the unit. */

import { formatDecimal, powerOfTen } from '../stats/decimal.ts';
import { NO_PREFIX, type SiPrefix, siPrefix, unitSuffix } from '../stats/si-prefix.ts';

interface Tick {
  /** The value. */
  readonly at: number;
  readonly label: string;
}

export interface Scale {
  readonly low: number;
  /** Greater than `low`. */
  readonly high: number;
  /** In ascending order. */
  readonly ticks: readonly Tick[];
}

/** A relative range below this is flat: invisible, and close to the precision of a double. */
const FINEST = 1e-9;
/** Smaller values count as 0: their steps would underflow. */
const SMALLEST = 1e-290;
/** Longest label in characters before it switches to an exponent. */
const LONGEST_LABEL = 10;

/** Longest unit in characters: a longer one would take too much of the chart. */
const LONGEST_UNIT = 6;

/**
 * A scale from `low` to `high`, which may be equal, with at most `most` ticks; `most` is 2 or more.
 *
 * @param unit after the numbers, with one SI prefix for all if needed; empty for none
 */
export function valueScale(low: number, high: number, most: number, unit = ''): Scale {
  const size = Math.max(Math.abs(low), Math.abs(high));
  const isFlat = high - low <= Math.max(size * FINEST, SMALLEST);
  const pad = !isFlat ? 0 : size > SMALLEST ? size * 0.01 : 1;
  const [bottom, top] = [low - pad, high + pad];
  for (let power = Math.floor(Math.log10((top - bottom) / most)); ; power++)
    for (const leading of [1, 2, 5]) {
      // Ticks are counted, not computed: division by the step is not exact.
      const places = placesBetween(bottom, top, leading, power);
      if (places.length <= most)
        return { low: bottom, high: top, ticks: labelled(places, leading, power, unit) };
    }
}

/** The position of a tick, and its distance from 0 in steps. */
interface Place {
  readonly at: number;
  readonly times: number;
}

function placesBetween(low: number, high: number, leading: number, power: number): Place[] {
  const step = Number(`${leading}e${power}`);
  const places: Place[] = [];
  // One more at each end, because the division is not exact.
  for (let times = Math.ceil(low / step) - 1; times <= Math.floor(high / step) + 1; times++) {
    const at = Number(multiple(times * leading, power));
    if (at >= low && at <= high) places.push({ at, times });
  }
  return places;
}

function labelled(places: readonly Place[], leading: number, power: number, unit: string): Tick[] {
  const size = places.reduce((most, { at }) => Math.max(most, Math.abs(at)), 0);
  const prefix = siPrefix(size, unit);
  const behind = (each: SiPrefix) => (unit.length <= LONGEST_UNIT ? unitSuffix(each, unit) : each.symbol);
  return places.map(({ at, times }) => {
    if (at === 0 && prefix !== NO_PREFIX) return { at, label: `0${behind(NO_PREFIX)}` };
    const digits = multiple(times * leading, power - prefix.power);
    return { at, label: `${shortened(digits)}${behind(prefix)}` };
  });
}

/** `times` multiplied by a power of ten, in plain digits. */
function multiple(times: number, power: number): string {
  const units = BigInt(times);
  return power < 0
    ? formatDecimal({ units, scale: -power })
    : formatDecimal({ units: units * powerOfTen(power), scale: 0 });
}

function shortened(digits: string): string {
  if (digits.length <= LONGEST_LABEL) return digits;
  return Number(digits) === 0 ? '0' : Number(digits).toExponential().replace('e+', 'e');
}
