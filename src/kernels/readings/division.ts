// Long division of whole numbers, digit by digit, without any rounding.

/** Numbers up to here can take one more digit. */
const MOST: u64 = 900_000_000_000_000_000;

/** The digits of the quotient so far. */
export let quotient: u64 = 0;
let rest: u64 = 0;
let divisor: u64 = 1;

/**
 * Divides a number of 128 bits, in units of 10^-`scale`, by a whole number that is not 0, down to so many places after the
 * point. False when the quotient, or what takes part in the division, does not fit into 64 bits.
 */
export function divide(high: u64, low: u64, scale: i32, whole: u64, places: i32): bool {
  divisor = whole;
  for (let more = places; more < scale; more++) {
    if (divisor > MOST) return false;
    divisor *= 10;
  }
  if (high == 0) {
    quotient = low / divisor;
    rest = low - quotient * divisor;
  } else if (!divideLong(high, low)) return false;
  for (let more = scale; more < places; more++) {
    if (quotient > MOST || rest > MOST) return false;
    quotient = quotient * 10 + nextDigit();
  }
  return quotient <= MOST && rest <= MOST;
}

/** The next digit of the quotient, which is left as it is. The rest is below `MOST` before, and may be above it after. */
export function nextDigit(): u64 {
  const digit = (rest * 10) / divisor;
  rest = rest * 10 - digit * divisor;
  return digit;
}

/** Whether the rest is small enough for one more digit. */
export function hasNextDigit(): bool {
  return rest <= MOST;
}

/** Whether the rest is half of the divisor, or more. */
export function isHalf(): bool {
  return rest * 2 >= divisor;
}

/** Bit by bit. */
function divideLong(high: u64, low: u64): bool {
  if (high >= divisor || divisor > MOST) return false;
  rest = high;
  quotient = low;
  for (let bit = 0; bit < 64; bit++) {
    rest = (rest << 1) | (quotient >> 63);
    quotient <<= 1;
    if (rest < divisor) continue;
    rest -= divisor;
    quotient |= 1;
  }
  return true;
}
