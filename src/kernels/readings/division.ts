// Long division of integers, digit by digit, without rounding.

/** The largest number to which another digit can be appended without overflow. */
const MOST: u64 = 900_000_000_000_000_000;

/** The digits of the quotient so far. */
export let quotient: u64 = 0;
let remainder: u64 = 0;
let divisor: u64 = 1;

/**
 * Divides a 128-bit number in units of 10^-`scale` by a nonzero integer, to this many places after the point. Returns false
 * if the quotient or an operand of the division does not fit into 64 bits.
 */
export function divide(high: u64, low: u64, scale: i32, whole: u64, places: i32): bool {
  divisor = whole;
  for (let more = places; more < scale; more++) {
    if (divisor > MOST) return false;
    divisor *= 10;
  }
  if (high == 0) {
    quotient = low / divisor;
    remainder = low - quotient * divisor;
  } else if (!divideLong(high, low)) return false;
  for (let more = scale; more < places; more++) {
    if (quotient > MOST || remainder > MOST) return false;
    quotient = quotient * 10 + nextDigit();
  }
  return quotient <= MOST && remainder <= MOST;
}

/** The next digit of the quotient, which stays as it is. Requires `hasNextDigit()`; the new remainder may exceed `MOST`. */
export function nextDigit(): u64 {
  const digit = (remainder * 10) / divisor;
  remainder = remainder * 10 - digit * divisor;
  return digit;
}

/** Whether the remainder is small enough for another digit. */
export function hasNextDigit(): bool {
  return remainder <= MOST;
}

/** Whether the remainder is at least half of the divisor. */
export function isHalf(): bool {
  return remainder * 2 >= divisor;
}

/** Shift-and-subtract division of 128 bits by 64. */
function divideLong(high: u64, low: u64): bool {
  if (high >= divisor || divisor > MOST) return false;
  remainder = high;
  quotient = low;
  for (let bit = 0; bit < 64; bit++) {
    remainder = (remainder << 1) | (quotient >> 63);
    quotient <<= 1;
    if (remainder < divisor) continue;
    remainder -= divisor;
    quotient |= 1;
  }
  return true;
}
