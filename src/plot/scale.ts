/** The value axis: round numbers, in steps of 1, 2 or 5 times a power of ten, with exact labels and their unit. */

import { formatDecimal, powerOfTen } from '../stats/decimal.ts';
import { NO_PREFIX, type SiPrefix, siPrefix, unitSuffix } from '../stats/si-prefix.ts';

interface Tick {
  /** The value. */
  readonly at: number;
  readonly label: string;
}

export interface Scale {
  readonly low: number;
  /** Above `low`. */
  readonly high: number;
  /** From the lowest to the highest. */
  readonly ticks: readonly Tick[];
}

/** Closer together, relative to their size, values are the same to the eye, and soon to the computer. */
const FINEST = 1e-9;
/** Smaller values count as 0: their parts would be too small for numbers. */
const SMALLEST = 1e-290;
/** A label that would be longer is written with an exponent. */
const LONGEST = 10;

/** A longer unit would take the room of the chart. */
const LONGEST_UNIT = 6;

/**
 * A scale from `low` to `high`, which may be equal, with at most `most` ticks, 2 or more.
 *
 * @param unit behind the numbers, if need be with one SI prefix for all; empty for none
 */
export function valueScale(low: number, high: number, most: number, unit = ''): Scale {
  const size = Math.max(Math.abs(low), Math.abs(high));
  const isFlat = high - low <= Math.max(size * FINEST, SMALLEST);
  const pad = !isFlat ? 0 : size > SMALLEST ? size * 0.01 : 1;
  const [bottom, top] = [low - pad, high + pad];
  for (let power = Math.floor(Math.log10((top - bottom) / most)); ; power++)
    for (const leading of [1, 2, 5]) {
      // Counted when they are there: to divide by the step is not exact.
      const places = placesBetween(bottom, top, leading, power);
      if (places.length <= most)
        return { low: bottom, high: top, ticks: labelled(places, leading, power, unit) };
    }
}

/** A tick's place, and how many steps it is from 0. */
interface Place {
  readonly at: number;
  readonly times: number;
}

function placesBetween(low: number, high: number, leading: number, power: number): Place[] {
  const step = Number(`${leading}e${power}`);
  const places: Place[] = [];
  // One more at each end, for a division that is not exact.
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

/** The product of `times` and a power of ten, in plain digits. */
function multiple(times: number, power: number): string {
  const units = BigInt(times);
  return power < 0
    ? formatDecimal({ units, scale: -power })
    : formatDecimal({ units: units * powerOfTen(power), scale: 0 });
}

function shortened(digits: string): string {
  if (digits.length <= LONGEST) return digits;
  return Number(digits) === 0 ? '0' : Number(digits).toExponential().replace('e+', 'e');
}
