/** Times as these tools write them, known from their bytes. */

const [ZERO, MINUS, COLON, T, Z] = [48, 45, 58, 84, 90];

/** `2026-11-21T10:04:00Z`, as these tools write it, in which the 29th and later days are left to others. */
export function isPlainTime(bytes: Buffer, start: number, end: number): boolean {
  if (end - start !== 20 || bytes[start + 10] !== T || bytes[start + 19] !== Z) return false;
  if (bytes[start + 4] !== MINUS || bytes[start + 7] !== MINUS) return false;
  if (bytes[start + 13] !== COLON || bytes[start + 16] !== COLON) return false;
  const month = twoDigits(bytes, start + 5);
  const day = twoDigits(bytes, start + 8);
  return (
    twoDigits(bytes, start) >= 1 &&
    twoDigits(bytes, start + 2) < 100 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= 28 &&
    twoDigits(bytes, start + 11) < 24 &&
    twoDigits(bytes, start + 14) < 60 &&
    twoDigits(bytes, start + 17) < 60
  );
}

/** NaN for what is not two digits. */
function twoDigits(bytes: Buffer, at: number): number {
  const tens = (bytes[at] ?? 0) - ZERO;
  const ones = (bytes[at + 1] ?? 0) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : Number.NaN;
}
