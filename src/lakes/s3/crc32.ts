/** Combines the CRC-32 of parts. Polynomials are bit-reflected: the highest bit is x^0. */

const POLYNOMIAL = 0xedb88320;
const ONE = 0x80000000;
const X_TO_THE_8 = 0x00800000;

/** The CRC of two parts together. @param length of the second part in bytes */
export function combinedCrc32(first: number, second: number, length: number): number {
  return (product(power(length), first) ^ second) >>> 0;
}

/** x^(8 * bytes). */
function power(bytes: number): number {
  let result = ONE;
  for (let left = bytes, square = X_TO_THE_8; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = product(square, result);
    square = product(square, square);
  }
  return result;
}

/** The product modulo the polynomial. */
function product(one: number, two: number): number {
  let sum = 0;
  for (let bit = ONE, shifted = two; bit !== 0; bit >>>= 1) {
    if ((one & bit) !== 0) sum ^= shifted;
    shifted = (shifted >>> 1) ^ ((shifted & 1) === 1 ? POLYNOMIAL : 0);
  }
  return sum >>> 0;
}
