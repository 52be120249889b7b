/** Parses and formats sizes in bytes like GNU tools: `512`, `64K`, `16M`, `2G` by 1024, `10MB` by 1000. */

const POWERS = 'KMGT';
const SIZE = /^(\d{1,15}(?:\.\d{1,3})?)(?:([KMGT])(B|iB)?)?$/i;

/**
 * Parses a size, for an option's `parse`.
 *
 * @returns bytes, an integer of at least 1
 * @throws Error with a message for the user
 */
export function parseSize(text: string): number {
  const [, digits, unit = '', suffix = ''] = SIZE.exec(text) ?? [];
  const base = suffix.toUpperCase() === 'B' ? 1000 : 1024;
  const power = unit === '' ? 0 : POWERS.indexOf(unit.toUpperCase()) + 1;
  const bytes = digits === undefined ? Number.NaN : Math.round(Number(digits) * base ** power);
  if (bytes >= 1 && Number.isSafeInteger(bytes)) return bytes;
  throw new Error(`not a size: ${JSON.stringify(text)} (write 512, 64K, 16M or 2G)`);
}

/** Formats bytes for `parseSize`: in the largest unit of 1024 that gives an integer. */
export function showSize(bytes: number): string {
  let [count, unit] = [bytes, ''];
  for (const letter of POWERS) {
    if (count === 0 || count % 1024 !== 0) break;
    [count, unit] = [count / 1024, letter];
  }
  return `${count}${unit}`;
}
