/** Unique names for files. They are no secret and keep nobody out: locks and modes do that. */

const DIGITS = 12;

/** Random hexadecimal digits. Not from node:crypto, which takes 4 ms to load, a sixth of Node's own start. */
export function randomDigits(length: number): string {
  let digits = '';
  while (digits.length < length) {
    const part = Math.floor(Math.random() * 16 ** DIGITS);
    digits += part.toString(16).padStart(DIGITS, '0');
  }
  return digits.slice(0, length);
}
