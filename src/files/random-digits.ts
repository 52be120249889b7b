/** Unique file names. They need not be unpredictable: locks and modes keep others out. */

const DIGITS = 12;

/** Random hexadecimal digits. Not from node:crypto, which takes 4 ms to load, a sixth of Node's start-up. */
export function randomDigits(length: number): string {
  let digits = '';
  while (digits.length < length) {
    const part = Math.floor(Math.random() * 16 ** DIGITS);
    digits += part.toString(16).padStart(DIGITS, '0');
  }
  return digits.slice(0, length);
}
